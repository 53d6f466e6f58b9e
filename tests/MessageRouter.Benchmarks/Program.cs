using System.Globalization;
using BenchmarkDotNet.Running;
using MessageRouter.Benchmarks.Micro;
using MessageRouter.Benchmarks.Peers;
using MessageRouter.Benchmarks.Route;
using MessageRouter.Benchmarks.Wire;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is [.. var others, ['t', 'r', 'u', 's', 't', '=', .. var server]])
{
    ZmtpStream.Trusted = server;
    args = others;
}
switch (args)
{
    case ["route", .. var options]:
        return await RouteCommand.RunAsync(options);

    case ["calls"]:
        await CallTimes.RunAsync();
        return 0;

    case ["curve"]:
        await CurveTimes.RunAsync();
        return 0;

    case ["reload"]:
        await ReloadTimes.RunAsync();
        return 0;

    case ["subscribers"]:
        await SubscriberTimes.RunAsync();
        return 0;

    // The other processes of the routing benchmark.
    case ["source", "lines", var pipe, var size, var rate]:
        Source.Run(() => Pipe.To(pipe), [.. Payload.Json(int.Parse(size)), (byte)'\n'], 0, int.Parse(rate));
        return 0;
    case ["source", var type, var port, var size, var rate, var senders]:
        var frame = ZmtpStream.Frame(Payload.Json(int.Parse(size)));
        Source.Run(() => Source.ToPort(port, type, int.Parse(senders), frame.Length), frame, frame.Length - int.Parse(size), int.Parse(rate));
        return 0;
    case ["sink", var type, var ports, var what, .. var rates]:
        Sink.Run(ports.Split(','), type, rates is [var bytes] ? long.Parse(bytes) : 0, what == "latencies");
        return 0;
    case ["attempts", var port, var rate]:
        Attempts.Run(int.Parse(port), int.Parse(rate));
        return 0;
    case ["take-attempts", var port]:
        Attempts.Take(int.Parse(port));
        return 0;
    case ["forward", var kind, var from, var to]:
        NetMqForwarder.Run(kind, from, to);
        return 0;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(Source).Assembly).Run(args);
        return 0;
}
