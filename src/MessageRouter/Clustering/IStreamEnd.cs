namespace MessageRouter.Clustering;

/// <summary>Implemented by options of components whose other end is a stream of the cluster.</summary>
internal interface IStreamEnd
{
    /// <summary>The stream's name.</summary>
    string Stream { get; }
}
