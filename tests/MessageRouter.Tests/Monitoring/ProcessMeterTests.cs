using MessageRouter.Monitoring;

namespace MessageRouter.Tests.Monitoring;

public class ProcessMeterTests
{
    [Fact]
    public void Counts_the_open_files_where_the_system_tells()
    {
        var files = new ProcessMeter().Status().OpenFiles;

        // Other tests open and close some meanwhile.
        if (OperatingSystem.IsLinux()) Assert.InRange(files!.Value, 3, 1_000_000);
        else Assert.Null(files);
    }
}
