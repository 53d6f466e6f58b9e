using MessageRouter.Cluster.Membership;
using MessageRouter.Cluster.Streams;
using MessageRouter.Clustering;
using MessageRouter.Distribution;

namespace MessageRouter.Tests.Clustering;

/// <summary>
/// Nodes that feed and take a stream by key, of which each knows what has been told it, late and out of order; what they do is what the product does, but for actors and sockets. It is checked at each
/// message that nobody else is at one of the same slot.
/// </summary>
internal sealed class SlotModel
{
    private const string Stream = "jobs";

    private readonly List<Node> _nodes = [];
    private readonly List<(string Owner, Sent Message)> _history = [];
    private readonly Dictionary<string, long> _sent = [];
    private Node? _coordinator;
    private int _coordinators;
    private long _tags;

    public SlotModel()
    {
        for (var n = 0; n < 3; n++) _nodes.Add(new Node($"f{n}", this, feeds: true));
        for (var n = 0; n < 4; n++) _nodes.Add(new Node($"o{n}", this, feeds: false));
        foreach (var node in _nodes) node.IsMember = node.Name is "f0" or "f1" or "o0";
        _nodes[0].Start();
        _nodes[1].Start();
        _nodes[3].Offers(true);
        _coordinator = _nodes[0];
    }

    public IReadOnlyList<(string Owner, Sent Message)> History => _history;

    private IReadOnlyList<Node> Feeders => _nodes[..3];

    private IReadOnlyList<Node> Owners => _nodes[3..];

    private IEnumerable<Node> Running => _nodes.Where(node => node.Runs);

    public void Step(int kind, int which)
    {
        var (feeder, owner, any) = (Feeders[which % 3], Owners[which % 4], _nodes[which % 7]);
        switch (kind)
        {
            case < 4:
                Send(feeder, which);
                break;
            case < 7:
                Work(owner);
                break;
            case < 10:
                Hear(feeder, which);
                break;
            case < 14:
                any.Learn(_nodes[which / 7 % 7]);
                break;
            case < 16:
                Decide();
                break;
            case 16 when !owner.IsDead:
                owner.IsMember = true;
                owner.Offers(true);
                break;
            case 17 when owner.Runs:
                owner.Offers(false);
                break;
            case 18 when Running.Count() > 2:
                Kill(any);
                break;
            case 19:
                foreach (var node in _nodes.Where(node => node.IsDead || node.Sleeps)) Remove(node);
                break;
            case 20 when feeder.Runs:
                feeder.Sleeps = true;
                break;
            case 21:
                Wake(feeder);
                break;
            case 22 when which % 7 < 3 && any is { IsDead: false, IsMember: false, Sleeps: false }:
                any.IsMember = true;
                any.Start();
                break;
            case 23:
                TakeOver(any);
                break;
        }
    }

    /// <summary>Lets everything come to its end.</summary>
    public void Settle()
    {
        foreach (var feeder in Feeders) Wake(feeder);
        foreach (var dead in _nodes.Where(node => node.IsDead)) Remove(dead);
        var taker = Owners.First(node => !node.IsDead);
        taker.IsMember = true;
        taker.Offers(true);
        TakeOver(Running.First());
        for (var round = 0; round < 200; round++)
        {
            foreach (var node in Running.ToList())
            {
                foreach (var other in Running.ToList()) node.Learn(other);
            }
            Decide();
            foreach (var owner in Owners)
            {
                while (owner is { IsDead: false, Inbox.Count: > 0 }) Work(owner);
            }
            foreach (var feeder in Feeders)
            {
                for (var n = 0; n < 20; n++) Hear(feeder, n);
            }
        }
    }

    /// <summary>What was sent by nodes that were not killed, and was not worked on.</summary>
    public IEnumerable<string> Missing() => Feeders.Where(node => node is { IsDead: false, Starts: > 0 }).Where(node => node.Waiting.Count > 0 || node.Workers.Values.Any(worker => worker.Load > 0))
        .Select(node => $"{node.Name}: {node.Waiting.Count} wait, {node.Out.Count} are out, {node.Table?.Held} slots are nobody's, {_coordinator?.Name} decides");

    private void Send(Node feeder, int which)
    {
        if (!feeder.Runs || feeder.Starts == 0) return;
        var key = which / 3 % 5;
        var number = _sent[$"{feeder.Name} {key}"] = _sent.GetValueOrDefault($"{feeder.Name} {key}") + 1;
        feeder.Waiting.Add(feeder.Taken++, new Sent(feeder.Name, key, number));
        Give(feeder);
    }

    private void Give(Node feeder)
    {
        var takers = new List<Worker>();
        while (feeder.Runs && feeder.Waiting.Count > 0)
        {
            var (place, sent) = (feeder.Waiting.GetKeyAtIndex(0), feeder.Waiting.GetValueAtIndex(0));
            var work = new Work(Message.FromJson($$"""{"k":{{sent.Key}}}"""), null!, place);
            if (feeder.Balancer.Choose(work, takers) == 0) return;
            var owner = _nodes.Single(node => node.Name == takers[0].Endpoint);
            var slot = SlotOf(work.Message);
            foreach (var other in Owners.Where(node => node != owner && !node.IsDead)) Assert.DoesNotContain(other.Inbox, each => each.Slot == slot);
            feeder.Waiting.RemoveAt(0);
            var tag = (ulong)++_tags;
            takers[0].Unanswered.Add(tag, new Handover(work, takers[0], 0));
            feeder.Out.Add(tag, (place, sent));
            if (owner.IsDead) continue;
            if (owner.Lets(feeder)) owner.Inbox.Enqueue((feeder, tag, sent, slot));
            else feeder.Ended.Enqueue(owner);
        }
    }

    private static int SlotOf(Message message) => SlotTable.Of(KeyHash.Of(MessageKey.Parse("k"), message));

    private void Work(Node owner)
    {
        if (owner.IsDead || !owner.Inbox.TryDequeue(out var next)) return;
        _history.Add((owner.Name, next.Sent));
        next.Feeder.Answers.Add((owner, next.Tag));
        owner.SayWhatIsFinished();
    }

    /// <summary>A feeder hears an answer, in whatever order, or that a connection has ended.</summary>
    private void Hear(Node feeder, int which)
    {
        if (!feeder.Runs || feeder.Starts == 0) return;
        if (feeder.Ended.TryDequeue(out var gone)) End(feeder, gone);
        else if (feeder.Answers.Count > 0)
        {
            var (owner, tag) = feeder.Answers[which / 3 % feeder.Answers.Count];
            feeder.Answers.Remove((owner, tag));
            if (feeder.Workers[owner.Name].Unanswered.Remove(tag)) feeder.Out.Remove(tag);
        }
        if (feeder.Ended.Count == 0) feeder.Connect();
        feeder.Keeper!.Look();
        Give(feeder);
    }

    private static void End(Node feeder, Node gone)
    {
        if (!feeder.Workers.TryGetValue(gone.Name, out var worker)) return;
        feeder.Connected.Remove(gone.Name);
        foreach (var tag in worker.Unanswered.Keys)
        {
            feeder.Out.Remove(tag, out var back);
            feeder.Waiting.Add(back.Place, back.Sent);
        }
        worker.Unanswered.Clear();
        feeder.Balancer.Remove(worker);
    }

    private void Kill(Node node)
    {
        if (!node.Runs || !Feeders.Contains(node) && Owners.Count(owner => !owner.IsDead) == 1) return;
        node.IsDead = true;
        node.Inbox.Clear();
        if (node == _coordinator) _coordinator = null;
        foreach (var feeder in Feeders) feeder.Ended.Enqueue(node);
    }

    private void Remove(Node node)
    {
        node.IsMember = false;
        if (_coordinator == node) _coordinator = null;
    }

    /// <summary>Who has stood still goes on; where others have given it up, as one of them that they do not know.</summary>
    private void Wake(Node feeder)
    {
        if (!feeder.Sleeps) return;
        feeder.Sleeps = false;
        feeder.Naps++;
        if (!feeder.IsMember)
        {
            feeder.IsMember = true;
            feeder.ForgetAll();
        }
        feeder.Keeper!.Look();
        Give(feeder);
    }

    /// <summary>Another node decides from now on; it has read what all have, which it cannot where one does not answer.</summary>
    private void TakeOver(Node node)
    {
        if (!node.Runs || node == _coordinator || _nodes.Any(other => other.IsMember && !other.Runs)) return;
        _coordinator = node;
        _coordinators++;
        foreach (var other in Running) node.Learn(other);
    }

    private void Decide()
    {
        if (_coordinator is not { Runs: true } coordinator) return;
        var profiles = _nodes.Where(node => node.IsMember).Select(node => coordinator.Profiles.GetValueOrDefault(node.Name).Profile).OfType<NodeProfile>().ToList();
        foreach (var table in SlotCoordinator.Next(coordinator.Table is { } known ? [known] : [], profiles, _coordinators)) coordinator.Take(table);
        Give(coordinator);
    }

    internal sealed record Sent(string Feeder, int Key, long Number);

    private sealed class Node(string name, SlotModel model, bool feeds) : IStreamDirectory, IStreamFollowing
    {
        private readonly long _number = SlotKeeper.NewOutput();
        private readonly HashSet<long> _gone = [];
        private HashSet<long> _present = [];
        private bool? _stays;
        private long _finished;

        public string Name => name;

        public bool IsMember { get; set; }

        public bool IsDead { get; set; }

        /// <summary>It stands still, or has been out of touch for so long that it gives nothing to anybody: who is neither, and not dead, is not taken to be gone.</summary>
        public bool Sleeps { get; set; }

        public bool Runs => IsMember && !IsDead && !Sleeps;

        public int Starts { get; private set; }

        public long Naps { get; set; }

        public long Taken { get; set; }

        public SlotTable? Table { get; private set; }

        public Dictionary<string, (int Version, NodeProfile? Profile)> Profiles { get; } = [];

        public SortedList<long, Sent> Waiting { get; } = [];

        public Dictionary<ulong, (long Place, Sent Sent)> Out { get; } = [];

        public Queue<(Node Feeder, ulong Tag, Sent Sent, int Slot)> Inbox { get; } = new();

        public List<(Node Owner, ulong Tag)> Answers { get; } = [];

        public Queue<Node> Ended { get; } = new();

        public HashSet<string> Connected { get; } = [];

        public ByTable Balancer { get; } = new(MessageKey.Parse("k"));

        public Dictionary<string, Worker> Workers { get; } = [];

        public SlotKeeper? Keeper { get; private set; }

        public long Standing => Sleeps ? -1 : Naps;

        long IStreamDirectory.Awake => Standing;

        string IStreamDirectory.Node => Name;

        string IStreamDirectory.Host => throw new NotSupportedException();

        string IStreamDirectory.BindHost => throw new NotSupportedException();

        public void Start()
        {
            if (!feeds || Starts++ > 0) return;
            foreach (var owner in model.Owners)
            {
                Workers[owner.Name] = new Worker(owner.Name, TimeProvider.System) { Endpoint = owner.Name, State = WorkerState.Connected, Limit = 3 };
            }
            Connect();
            Keeper = new SlotKeeper(_number, Balancer, this, this, () => Workers.Values);
            Balancer.IsInForce = () => Keeper.IsInForce;
            Keeper.Take(null);
        }

        /// <summary>It takes the stream from now on, or is about to end.</summary>
        public void Offers(bool stays)
        {
            _stays = stays;
            Tell(new NodeProfile(Name, "1", [new StreamOffer(Stream, Name, Name, DeliveryMode.AtLeastOnce) { Finished = _finished, IsLeaving = !stays }], []));
            SayWhatIsFinished();
        }

        /// <summary>Whether it takes what an output sends.</summary>
        public bool Lets(Node feeder) => !_gone.Contains(feeder._number);

        /// <summary>Where nothing is left of those who do not feed the stream any more, has all know it.</summary>
        public void SayWhatIsFinished()
        {
            if (_stays is not { } stays || Table is not { Held: > 0 } table || _finished == table.Epoch || Inbox.Any(each => !_present.Contains(each.Feeder._number))) return;
            _finished = table.Epoch;
            Offers(stays);
        }

        /// <summary>It connects to all that are there and take what it sends.</summary>
        public void Connect()
        {
            foreach (var owner in model.Owners.Where(owner => !owner.IsDead && owner.Lets(this) && Connected.Add(owner.Name))) Balancer.Add(Workers[owner.Name]);
        }

        public void Say(long feeder, long finished) =>
            Tell(new NodeProfile(Name, "1", [], [new StreamFeeding(Stream, DeliveryMode.AtLeastOnce, "key", "k") { Feeder = feeder, Finished = finished }]));

        public void Learn(Node other)
        {
            if (!Runs || !other.Runs || other == this) return;
            foreach (var (node, told) in other.Profiles)
            {
                if (Profiles.GetValueOrDefault(node).Version < told.Version) Profiles[node] = told;
            }
            if (other.Table is { } table) Take(table);
            model.Give(this);
        }

        public void Take(SlotTable table)
        {
            if (Table is not null && Table.Epoch >= table.Epoch) return;
            Table = table;
            Keeper?.Take(table);
            if (feeds) return;
            var present = table.Feeders.Select(SlotKeeper.OutputOf).ToHashSet();
            _gone.UnionWith(_present.Except(present));
            _gone.ExceptWith(present);
            _present = present;
            foreach (var feeder in model.Feeders.Where(feeder => !Lets(feeder))) feeder.Ended.Enqueue(this);
            SayWhatIsFinished();
        }

        /// <summary>It joins as one that knows of nothing; what it tells of itself counts again.</summary>
        public void ForgetAll()
        {
            Table = null;
            Keeper?.Take(null);
        }

        public void Dispose()
        {
        }

        IStreamOffering IStreamDirectory.Offer(string stream, string input, string endpoint, DeliveryMode delivery, int weight, Action<SlotTable> table) => throw new NotSupportedException();

        Task IStreamDirectory.WhenNotFedHere(string stream) => throw new NotSupportedException();

        IStreamFollowing IStreamDirectory.Follow(StreamFeeding feeding, Action<IReadOnlyList<StreamOffer>> changed, Action<SlotTable?> table) => throw new NotSupportedException();

        private void Tell(NodeProfile profile) => Profiles[Name] = (Profiles.GetValueOrDefault(Name).Version + 1, profile);
    }
}
