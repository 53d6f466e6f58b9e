using MessageRouter.Configuration.Secrets;
using MessageRouter.Control.Serving;
using MessageRouter.Trials;

namespace MessageRouter.Cli.Explaining;

/// <summary>Writes one explanation after the other.</summary>
internal sealed class ExplanationWriter(TextWriter output, bool isJson)
{
    private bool _isFirst = true;

    public void Write(Explanation explanation)
    {
        if (isJson)
        {
            output.WriteLine(KnownSecrets.HideInJson(ControlJson.Write(explanation)));
            return;
        }
        if (!_isFirst) output.WriteLine();
        _isFirst = false;
        output.Write(KnownSecrets.Hide(ExplanationText.Print(explanation)));
    }
}
