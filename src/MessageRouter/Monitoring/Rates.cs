using System.Text.Json.Serialization;

namespace MessageRouter.Monitoring;

/// <summary>Messages a second, over three times up to now. What has run for less is measured over what there is.</summary>
/// <param name="Second">Over the last second.</param>
/// <param name="TenSeconds">Over the last ten seconds.</param>
/// <param name="Minute">Over the last minute.</param>
public sealed record Rates(
    [property: JsonPropertyName("1s")] double Second, [property: JsonPropertyName("10s")] double TenSeconds, [property: JsonPropertyName("60s")] double Minute)
{
    /// <summary>Where nothing goes.</summary>
    public static Rates None { get; } = new(0, 0, 0);

    internal static Rates Of(CounterSeries? series) => series is null
        ? None
        : new Rates(Math.Round(series.RateOver(1), 1), Math.Round(series.RateOver(10), 1), Math.Round(series.RateOver(60), 1));
}
