namespace MessageRouter.Distribution;

/// <summary>What is known of a message that was sent.</summary>
internal enum DeliveryMode
{
    /// <summary>It is sent once; what becomes of it is not heard.</summary>
    AtMostOnce,

    /// <summary>It is sent until a worker says that it is done with it, perhaps more than once.</summary>
    AtLeastOnce,
}
