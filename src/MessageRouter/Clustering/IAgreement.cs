namespace MessageRouter.Clustering;

/// <summary>Something that all nodes of a cluster agree on: one of them decides, and the decision with the highest epoch counts.</summary>
/// <typeparam name="T">What it is.</typeparam>
internal interface IAgreement<T>
    where T : class, IAgreement<T>
{
    /// <summary>Which one of its kind it is.</summary>
    string Name { get; }

    /// <summary>Which of the decisions it is.</summary>
    long Epoch { get; }

    /// <summary>As nodes tell it each other.</summary>
    string ToJson();

    /// <returns>Null for what is none, or one of another version.</returns>
    static abstract T? FromJson(string json);
}
