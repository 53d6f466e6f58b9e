using MessageRouter.Components;
using MessageRouter.Configuration;
using MessageRouter.Configuration.Hocon;

namespace MessageRouter.Tests.Configuration;

/// <summary>A mistake within a value's text is shown where it stands in the file.</summary>
public class ValuePlaceTests
{
    [Theory]
    [InlineData("""when = "mesage != null" """, 1, 9, 6)]
    [InlineData("""when = "message[\"a\"] == \"\u0041\" && mesage != null" """, 1, 41, 6)]
    [InlineData("""when = "\u006desage != null" """, 1, 9, 11)]
    [InlineData("when = \"\"\"mesage != null\"\"\"", 1, 11, 6)]
    [InlineData("when = \"\"\"\"\" != null && mesage != null\"\"\"", 1, 25, 6)]
    [InlineData("code = \"\"\"\n  var a = 1;\n  return mesage;\n\"\"\"", 3, 10, 6)]
    [InlineData("code = \"\"\"\r\n  var a = 1;\r\n  return mesage;\r\n\"\"\"", 3, 10, 6)]
    [InlineData("code = \"\"\"\n  var a = 1;\n\"\"\"", 2, 13, 0)]
    [InlineData("when = mesage", 1, 8, 6)]
    public void Points_into_the_text(string option, int line, int column, int length)
    {
        var finding = Finding(option);

        Assert.Equal((line + 4, column, length), (finding.Span!.Line, finding.Span.Column, finding.Span.Length));
    }

    [Fact]
    public void Points_to_where_a_substitution_took_the_text_from()
    {
        var finding = Finding("when = ${shared}", "shared = \"true == mesage\"");

        Assert.Equal((1, 19), (finding.Span!.Line, finding.Span.Column));
    }

    [Fact]
    public void Of_a_text_that_was_put_together_it_names_line_and_column()
    {
        var finding = Finding("when = ${shared}\" mesage != null\"", "shared = \"true &&\"");

        Assert.Equal((5, 8), (finding.Span!.Line, finding.Span.Column));
        Assert.EndsWith(", in line 1, column 9 of the text that is put together here", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Points_into_a_setting_of_the_command_line()
    {
        var options = new HoconReaderOptions { Overrides = ["router.filters.f.when=\"mesage == null\""] };

        var finding = Finding("when = \"true\"", options: options);

        Assert.Equal("--set:1:24", finding.Span!.ToString());
    }

    [Fact]
    public void Shows_all_mistakes_of_all_filters_at_once()
    {
        var report = Assert.Throws<ConfigurationException>(() => Read(""""
            router {
              inputs { in { type = null, to = [a, b] } }
              filters {
                a { type = csharp, when = "message['level'] == null", to = out }
                b {
                  type = csharp
                  code = """
                    if (message["n"] > five) return null;
                    return message.Edit(body => body["x"] = y);
                  """
                  to = out
                }
              }
              outputs { out { type = null } }
            }
            """")).Message;

        Assert.Equal(""""
            error: filter `a` (csharp): Too many characters in character literal (CS1012)
             --> test.conf:4:40
              |
            4 |     a { type = csharp, when = "message['level'] == null", to = out }
              |                                        ^ texts stand in double quotes; within "…" write \", or put the value in """…"""

            error: filter `b` (csharp): The name 'five' does not exist in the current context (CS0103)
             --> test.conf:8:28
              |
            8 |         if (message["n"] > five) return null;
              |                            ^^^^ in scope are message, logger, clock

            error: filter `b` (csharp): The name 'y' does not exist in the current context (CS0103)
             --> test.conf:9:49
              |
            9 |         return message.Edit(body => body["x"] = y);
              |                                                 ^ in scope are message, logger, clock

            3 errors; nothing was started.

            """", report);
    }

    private static Diagnostic Finding(string option, string before = "", HoconReaderOptions? options = null) => Assert.Single(Assert.Throws<ConfigurationException>(() => Read(
        $"{before}\nrouter {{\n inputs.in {{ type = null, to = f }}\n filters.f {{ type = csharp, to = out\n{option}\n }}\n outputs.out {{ type = null }}\n}}", options)).Diagnostics);

    private static void Read(string text, HoconReaderOptions? options = null) => NodeReader.Read(HoconReader.ReadText("test.conf", text, options), BuiltIns.Registry());
}
