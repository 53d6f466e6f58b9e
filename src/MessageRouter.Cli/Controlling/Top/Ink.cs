namespace MessageRouter.Cli.Controlling.Top;

/// <summary>What a text on the screen means; which colour that is, the terminal decides.</summary>
internal enum Ink
{
    Plain,
    Dim,
    Strong,
    Good,
    Warning,
    Bad,
    Accent,
    Heading,
    Selected,
}
