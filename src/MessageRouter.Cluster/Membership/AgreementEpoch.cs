using System.Globalization;

namespace MessageRouter.Cluster.Membership;

/// <summary>The numbers of decisions.</summary>
internal static class AgreementEpoch
{
    /// <summary>The one after another: the next one, or, after one of another coordinator, the first of a time of this one's own. No two coordinators write the same.</summary>
    /// <param name="last">The last epoch.</param>
    /// <param name="coordinator">A number of the coordinator.</param>
    public static long After(long last, int coordinator)
    {
        var writer = (ushort)(coordinator ^ (coordinator >> 16));
        var next = last + 1;
        return next >> 32 > 0 && (ushort)(next >> 16) == writer ? next : ((last >> 32) + 1 << 32) | ((long)writer << 16);
    }

    /// <summary>As people see it, as in <c>2.17</c>: the 17th of the second node that has decided.</summary>
    public static string Text(long epoch) => string.Create(CultureInfo.InvariantCulture, $"{epoch >> 32}.{(ushort)epoch}");
}
