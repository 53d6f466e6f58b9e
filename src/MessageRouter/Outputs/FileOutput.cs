using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MessageRouter.Components;
using Microsoft.Extensions.Logging;

namespace MessageRouter.Outputs;

/// <summary>
/// Writes to a file, of which it should be the only writer. A fifo or a device will do as well; a fifo is waited for
/// until somebody reads it.
/// </summary>
/// <remarks>
/// When a write fails half-way, the file is cut back to its last whole line, and the messages are given again after the
/// restart. On a fifo that is not possible: there, half a line may come before the same messages again.
/// A file that was renamed, deleted or replaced is noticed within a second of the next write, which then goes to a new file
/// at the path.
/// </remarks>
internal sealed partial class FileOutput : LineOutput
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(1);

    private readonly Options _options;
    private readonly ReopenSignal? _reopen;
    private readonly string _path;
    private FileStream? _file;
    private bool _endsWithinLine;
    private long _checkedAt;
    private ITimer? _flushTimer;
    private Action? _onReopen;

    public FileOutput(Options options, ReopenSignal? reopen = null)
    {
        _options = options;
        _reopen = reopen;
        _path = Path.GetFullPath(options.Path);
        Receive<FlushDue>(_ => HandleFlushDue());
        Receive<ReopenFile>(_ => HandleReopen());
    }

    protected override void Open()
    {
        SetEndpoints(_path);
        var isFirstStart = !Cell.Started.Task.IsCompleted && !(Cell.FormerOptions is Options former && Path.GetFullPath(former.Path) == _path);
        OpenFile(isFirstStart && !_options.Append ? FileMode.Create : FileMode.OpenOrCreate);

        var self = Self;
        _onReopen = () => self.Tell(ReopenFile.Instance, Akka.Actor.ActorRefs.NoSender);
        if (_reopen is not null) _reopen.Raised += _onReopen;
    }

    protected override void Close()
    {
        if (_reopen is not null) _reopen.Raised -= _onReopen;
        _flushTimer?.Dispose();
        _flushTimer = null;
        try
        {
            Flush();
        }
        finally
        {
            _file?.Dispose();
            _file = null;
        }
    }

    private protected override void AfterDelivery()
    {
        if (_options.FlushInterval == TimeSpan.Zero) Flush();
        else if (HasBuffered) _flushTimer ??= TellLater(FlushDue.Instance, _options.FlushInterval);
    }

    protected override void WriteLines(ReadOnlySpan<byte> lines)
    {
        FollowRotation();
        if (!_file!.CanSeek)
        {
            _file.Write(lines);
            return;
        }

        // Always to the end as it is now, so that a file emptied by somebody else does not become one with a hole.
        var start = _file.Seek(0, SeekOrigin.End);
        var begins = _endsWithinLine && start > 0 ? "\n"u8 : default;
        try
        {
            _file.Write(begins);
            _file.Write(lines);
            _endsWithinLine = false;
        }
        catch
        {
            CutBack(start, start + begins.Length + lines.Length);
            throw;
        }
    }

    private void HandleFlushDue()
    {
        _flushTimer?.Dispose();
        _flushTimer = null;
        Flush();
    }

    private void HandleReopen()
    {
        // Between a failure and the restart there is no file to close.
        if (_file is not { } before) return;
        Flush();

        // Writing what was buffered may have noticed the rotation already.
        if (_file != before) return;
        OpenFile(FileMode.OpenOrCreate);
        Reopened(Logger, _path);
    }

    private void OpenFile(FileMode mode)
    {
        FileStream file;
        try
        {
            file = new FileStream(_path, new FileStreamOptions
            {
                Mode = mode,
                Access = FileAccess.Write,
                Share = FileShare.ReadWrite | FileShare.Delete,
                BufferSize = 0,
            });
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new OpenFailedException(_options.Path, exception is DirectoryNotFoundException ? $"There is no directory for the file `{_path}`; create it, or correct `path`." : exception.Message, exception);
        }
        _file?.Dispose();
        _file = file;
        _endsWithinLine = file.CanSeek && file.Length > 0 && !EndsWithLine();
        _checkedAt = Clock.GetTimestamp();
    }

    /// <summary>A process that is killed while it writes may leave the first part of a line, which was not delivered; what comes next is, and must not become part of it.</summary>
    private bool EndsWithLine()
    {
        try
        {
            using var file = new FileStream(_path, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 });
            file.Seek(-1, SeekOrigin.End);
            return file.ReadByte() == '\n';
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Whoever may only write takes it as it should be.
            return true;
        }
    }

    private void FollowRotation()
    {
        if (!_file!.CanSeek || Clock.GetElapsedTime(_checkedAt) < CheckInterval) return;
        if (IsStillAtPath())
        {
            _checkedAt = Clock.GetTimestamp();
            return;
        }

        // Until this succeeds every write tries it again: what is written to a file without a name is lost.
        OpenFile(FileMode.OpenOrCreate);
        Reopened(Logger, _path);
    }

    /// <summary>
    /// .NET tells a file's identity on no platform, but size and time of change: two files that are equal in both are
    /// hardly ever met, and to take one file for two costs no more than opening it once more.
    /// </summary>
    private bool IsStillAtPath()
    {
        var atPath = new FileInfo(_path);
        if (atPath.LinkTarget is not null) atPath = (FileInfo)atPath.ResolveLinkTarget(returnFinalTarget: true)!;
        return atPath.Exists
            && atPath.Length == _file!.Length
            && atPath.LastWriteTimeUtc == File.GetLastWriteTimeUtc(_file.SafeFileHandle);
    }

    private void CutBack(long start, long end)
    {
        try
        {
            // What is longer has another writer's lines behind ours.
            var size = _file!.Length;
            if (size > start && size <= end) _file.SetLength(start);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            CutBackFailed(Logger, _path, exception);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Opened {Path} anew.")]
    private static partial void Reopened(ILogger logger, string path);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Could not remove from {Path} what a failed write left; a line there may be incomplete and others may stand twice.")]
    private static partial void CutBackFailed(ILogger logger, string path, Exception exception);

    internal sealed record Options : IValidatableObject, IOwnsAddresses
    {
        [Description("The file; a relative path starts from the directory that the node was started in.")]
        public required string Path { get; init; }

        [Description("Whether to write behind what the file holds already; false empties it when the node starts, and only then.")]
        public bool Append { get; init; } = true;

        [Description("How long a message may wait until it is written to the file; 0s writes at once.")]
        public TimeSpan FlushInterval { get; init; } = TimeSpan.FromSeconds(1);

        /// <remarks>Devices and pipes can be shared.</remarks>
        public IEnumerable<OwnedAddress> OwnedAddresses =>
            DevicePath.TryBehind(System.IO.Path.GetFullPath(Path)) is { } file && !DevicePath.Is(file) ? [new OwnedAddress("file", file, 0)] : [];

        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        {
            if (string.IsNullOrWhiteSpace(Path))
                yield return new ValidationResult("`path` is empty; give the file to write to.", [nameof(Path)]);
            if (FlushInterval < TimeSpan.Zero || FlushInterval > TimeSpan.FromDays(1))
                yield return new ValidationResult("`flush-interval` must be between 0s and 1d; 0s writes at once.", [nameof(FlushInterval)]);
        }
    }

    private sealed record FlushDue
    {
        public static readonly FlushDue Instance = new();
    }

    private sealed record ReopenFile
    {
        public static readonly ReopenFile Instance = new();
    }
}
