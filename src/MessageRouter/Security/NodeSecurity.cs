using MessageRouter.Components;
using MessageRouter.Monitoring;
using MessageRouter.Plugins;
using MessageRouter.Zmtp.Security;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Security;

/// <summary>
/// How the sockets of a node prove who they are. Lists are one for all sockets that name them, and become what the configuration in force says without any of those
/// being opened anew.
/// </summary>
internal sealed class NodeSecurity(IServiceProvider services, ILoggerFactory loggers, TimeProvider clock)
{
    private const string Category = "security";

    private readonly Lock _lock = new();
    private readonly Dictionary<string, PeerList> _lists = [];
    private readonly Dictionary<string, PlainUsers> _users = [];

    private ILogger Logger => loggers.CreateLogger(Category);

    /// <summary>Lists are what this says from now on.</summary>
    public void Use(SecurityDefinition definition)
    {
        lock (_lock)
        {
            foreach (var list in definition.Lists.Where(list => _lists.TryGetValue(list.Name, out var known) && !known.Sources.Equals(list.Sources)))
            {
                var known = _lists[list.Name];
                list.List.Peers.Use(clock);
                known.List.Become(list.List);
                _lists[list.Name] = list with { List = known.List };
                SecurityLog.ListReplaced(Logger, list.Name, list.List.Peers.Count);
            }
            foreach (var name in _lists.Keys.Except(definition.Lists.Select(list => list.Name)).ToList()) _lists.Remove(name);
        }
    }

    /// <summary>What a component's sockets are to do; null for nothing.</summary>
    /// <param name="security">What is said of them.</param>
    /// <param name="logger">The component's log.</param>
    public ZmtpSecurity? For(EndpointSecurity? security, ILogger logger) => security switch
    {
        CurveEndpoint curve => ExtensionPackage.CurvePackage!.Secure(curve.Identity, curve.Allow is { } allow ? [.. allow.Select(Known)] : null, curve.ServerKey, Authenticator(curve, logger)),
        PlainEndpoint plain => Plain(plain, logger),
        _ => null,
    };

    /// <summary>What of lists and files of users that open sockets have cannot be used now.</summary>
    public IReadOnlyList<SecurityProblem> Problems
    {
        get
        {
            lock (_lock)
            {
                var followed = _lists.Values.Select(list => (list.Name, list.List.Peers)).Concat(_users.Select(users => (users.Key, (AllowedPeers)users.Value))).Where(list => list.Item2.IsFollowed);
                return [.. followed.SelectMany(list => list.Item2.Problems.Select(problem => new SecurityProblem(list.Item1, problem)))];
            }
        }
    }

    private ICurveList Known(PeerList list)
    {
        lock (_lock)
        {
            if (_lists.TryGetValue(list.Name, out var known)) return known.List;
            _lists.Add(list.Name, list);
            Follow(list.Name, list.List.Peers);
            return list.List;
        }
    }

    private PlainUsers Known(UserList list)
    {
        lock (_lock)
        {
            if (_users.TryGetValue(list.Path, out var known)) return known;
            _users.Add(list.Path, list.Users);
            Follow(list.Path, list.Users);
            return list.Users;
        }
    }

    private void Follow(string name, AllowedPeers list)
    {
        list.Use(clock);
        var said = new ProblemLog(Logger, name);
        list.Edited += change => SecurityLog.ListChanged(Logger, name, change.ToString(), list.Count);
        list.Changed += (_, _) => said.Say(list.Problems);
    }

    private PlainSecurity Plain(PlainEndpoint plain, ILogger logger)
    {
        var authenticator = Authenticator(plain, logger);
        if (plain.Users is null && authenticator is null) return PlainSecurity.Client(plain.User!, plain.Password);
        return new PlainSecurity(plain.Users is { } users ? Known(users) : null, authenticator, plain.User, plain.Password);
    }

    private IPeerAuthenticator? Authenticator(EndpointSecurity security, ILogger logger)
    {
        if (security.Authenticator is not { } definition) return null;
        var throttle = new LogThrottle(clock);
        return new PatientAuthenticator(definition.Get(services, logger), (peer, exception) => throttle.Write(suppressed => SecurityLog.AuthenticatorFailed(logger, peer, suppressed, exception)));
    }

    /// <summary>Says each problem once.</summary>
    private sealed class ProblemLog(ILogger logger, string list)
    {
        private readonly Lock _lock = new();
        private IReadOnlyList<string> _said = [];

        public void Say(IReadOnlyList<string> problems)
        {
            lock (_lock)
            {
                foreach (var problem in problems.Except(_said)) SecurityLog.ListNotChanged(logger, list, problem);
                if (problems.Count == 0 && _said.Count > 0) SecurityLog.ListMended(logger, list);
                _said = problems;
            }
        }
    }
}
