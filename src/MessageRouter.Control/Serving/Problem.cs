using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace MessageRouter.Control.Serving;

/// <summary>An answer that says what was wrong with a call, as RFC 9457 has it.</summary>
internal static class Problem
{
    public static IResult Of(int status, string detail) => Results.Text(
        JsonSerializer.Serialize(new ProblemDetail(Title(status), status, detail), ControlJson.Options), "application/problem+json", statusCode: status);

    private static string Title(int status) => status switch
    {
        StatusCodes.Status400BadRequest => "Bad request",
        StatusCodes.Status401Unauthorized => "Unauthorized",
        StatusCodes.Status403Forbidden => "Forbidden",
        StatusCodes.Status404NotFound => "Not found",
        StatusCodes.Status405MethodNotAllowed => "Method not allowed",
        StatusCodes.Status409Conflict => "Conflict",
        StatusCodes.Status413PayloadTooLarge => "Payload too large",
        StatusCodes.Status422UnprocessableEntity => "Unprocessable content",
        StatusCodes.Status421MisdirectedRequest => "Misdirected request",
        StatusCodes.Status500InternalServerError => "Internal server error",
        _ => "Error",
    };
}

/// <summary>How the API writes JSON: as the ledger does.</summary>
internal static class ControlJson
{
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write(object value) => JsonSerializer.Serialize(value, value.GetType(), Options);
}
