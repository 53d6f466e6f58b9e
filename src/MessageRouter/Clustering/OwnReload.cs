using MessageRouter.Configuration;
using MessageRouter.Configuration.Secrets;
using MessageRouter.Reloading;
using MessageRouter.Routing;

namespace MessageRouter.Clustering;

/// <summary>Has this node read its own files again, for who looks after the whole cluster. Nobody brings a configuration from elsewhere.</summary>
internal sealed class OwnReload(RouterNode node)
{
    /// <summary>Files are read by one caller at a time.</summary>
    private readonly SemaphoreSlim _reading = new(1);

    /// <summary>It does not fail: what goes wrong is told.</summary>
    public async Task<MemberReload> RunAsync(MemberReloadRequest request, CancellationToken cancellation)
    {
        if (node.ReadAgain is not { } read) return new MemberReload { Problem = "the node was not started from files, so that there is nothing to read again" };
        try
        {
            var reading = await ReadAsync(read, cancellation);
            if (node.IsReloading) return new MemberReload { Problem = "another reload is under way; try again when it is done" };
            var begun = TimeProvider.System.GetTimestamp();
            var plan = request.Plan ? node.PlanReload(reading.Definition) : await node.ReloadAsync(reading.Definition, request.Expect, cancellation);
            var warnings = KnownSecrets.Hide(DiagnosticPrinter.Print(reading.Warnings));
            return new MemberReload
            {
                Problem = request.Plan && plan.Obstacles.Count > 0 ? string.Join('\n', plan.Obstacles) : null,
                Id = plan.Id,
                Revision = plan.Revision,
                ChangesAnything = plan.ChangesAnything,
                Text = KnownSecrets.Hide(plan.ToString()),
                NeedsRestart = plan.NeedsRestart,
                Warnings = warnings.Length > 0 ? warnings : null,
                Dropped = plan.Dropped,
                Seconds = request.Plan ? null : Math.Round(TimeProvider.System.GetElapsedTime(begun).TotalSeconds, 3),
            };
        }
        catch (ConfigurationException exception)
        {
            return new MemberReload { Problem = KnownSecrets.Hide(DiagnosticPrinter.Print(exception.Diagnostics, DiagnosticPrinter.NothingChanged)) };
        }
        catch (ReloadException exception)
        {
            return new MemberReload { Problem = KnownSecrets.Hide(exception.Report) };
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return new MemberReload { Problem = KnownSecrets.Hide(exception.Message) };
        }
    }

    private async Task<Reading> ReadAsync(Func<IReadOnlyList<string>, Reading> read, CancellationToken cancellation)
    {
        await _reading.WaitAsync(cancellation);
        try
        {
            return read([]);
        }
        finally
        {
            _reading.Release();
        }
    }
}
