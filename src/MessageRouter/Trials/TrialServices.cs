using MessageRouter.Outputs;

namespace MessageRouter.Trials;

/// <summary>What filters ask for in a trial: the host's services, but for those that a trial must not touch.</summary>
internal sealed class TrialServices(IServiceProvider host, RecordedMessages recorded) : IServiceProvider
{
    public object? GetService(Type serviceType) => serviceType == typeof(RecordedMessages) ? recorded : host.GetService(serviceType);
}
