using MessageRouter.Configuration.Secrets;
using System.Globalization;
using System.Text;
using System.Xml;
using MessageRouter.Testing.Running;
using MessageRouter.Zmtp;

namespace MessageRouter.Cli.Testing;

/// <summary>Writes results as JUnit does, which what builds and tests elsewhere can read: a suite for each file.</summary>
internal static class JUnitReport
{
    /// <exception cref="CommandException">The file cannot be written.</exception>
    public static void Write(string path, IReadOnlyList<TestResult> results, TimeSpan took)
    {
        try
        {
            using var xml = XmlWriter.Create(path, new XmlWriterSettings { Indent = true, NewLineChars = "\n", Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false) });
            xml.WriteStartElement("testsuites");
            WriteCounts(xml, results, took);
            foreach (var file in results.GroupBy(result => result.Test.File))
            {
                xml.WriteStartElement("testsuite");
                xml.WriteAttributeString("name", SafeText.Of(file.Key));
                WriteCounts(xml, [.. file], TimeSpan.FromTicks(file.Sum(result => result.Took.Ticks)));
                foreach (var result in file) WriteTest(xml, result);
                xml.WriteEndElement();
            }
            xml.WriteEndElement();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw CommandException.Unavailable($"the file `{SafeText.Of(path)}` cannot be written: {exception.Message.TrimEnd('.')}.");
        }
    }

    private static void WriteTest(XmlWriter xml, TestResult result)
    {
        xml.WriteStartElement("testcase");
        xml.WriteAttributeString("name", SafeText.Of(result.Test.Name));
        xml.WriteAttributeString("classname", SafeText.Of(result.Test.File));
        xml.WriteAttributeString("file", SafeText.Of(result.Test.Place.Source.Name));
        xml.WriteAttributeString("line", result.Test.Place.Line.ToString(CultureInfo.InvariantCulture));
        xml.WriteAttributeString("time", Seconds(result.Took));
        if (!result.HasPassed)
        {
            xml.WriteStartElement("failure");
            xml.WriteAttributeString("message", KnownSecrets.Hide(SafeText.Of(result.Failures[0].Message)));
            xml.WriteString(string.Join('\n', result.Failures.Select(TestReport.Describe)));
            xml.WriteEndElement();
        }
        xml.WriteEndElement();
    }

    private static void WriteCounts(XmlWriter xml, IReadOnlyList<TestResult> results, TimeSpan took)
    {
        xml.WriteAttributeString("tests", results.Count.ToString(CultureInfo.InvariantCulture));
        xml.WriteAttributeString("failures", results.Count(result => !result.HasPassed).ToString(CultureInfo.InvariantCulture));
        xml.WriteAttributeString("errors", "0");
        xml.WriteAttributeString("time", Seconds(took));
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture);
}
