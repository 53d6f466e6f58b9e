using MessageRouter.Configuration.Hocon;

namespace MessageRouter.Tests.Configuration.Hocon;

public sealed class SubstitutionTests
{
    [Theory]
    [InlineData("a = ${b}, b = 1", """{"a":1,"b":1}""")]
    [InlineData("a = ${b}, b = null", """{"a":null,"b":null}""")]
    [InlineData("a = ${b}, b = 1, b = 2", """{"a":2,"b":2}""")]
    [InlineData("a = ${\"b.c\"}, \"b.c\" = 1", """{"a":1,"b.c":1}""")]
    [InlineData("a = ${ b.c }, b { c = [1] }", """{"a":[1],"b":{"c":[1]}}""")]
    [InlineData("a = ${b} is ${c}, b = 1, c = true", """{"a":"1 is true","b":1,"c":true}""")]
    [InlineData("a = ${b}\" x\", b = null", """{"a":"null x","b":null}""")]
    [InlineData("a = \"${b}\", b = 1", """{"a":"${b}","b":1}""")]
    [InlineData("x = ${foo} ${bar}, foo { a = 1 }, bar { b = 2 }", """{"x":{"a":1,"b":2},"foo":{"a":1},"bar":{"b":2}}""")]
    [InlineData("x = ${foo} ${bar}, foo = [1], bar = [2]", """{"x":[1,2],"foo":[1],"bar":[2]}""")]
    [InlineData("a = ${b}, b = \"x, c = 3 } [\"", """{"a":"x, c = 3 } [","b":"x, c = 3 } ["}""")]
    [InlineData("d { a = 1 }, i = ${d}, i.b = 3, j.b = ${i.b}", """{"d":{"a":1},"i":{"a":1,"b":3},"j":{"b":3}}""")]
    public void Gives_the_final_value_of_the_path(string text, string expected) => Assert.Equal(expected, Read.Json(text));

    [Theory]
    [InlineData("a = ${?b}", "{}")]
    [InlineData("a = 1, a = ${?b}", """{"a":1}""")]
    [InlineData("a = [1, ${?b}, 2]", """{"a":[1,2]}""")]
    [InlineData("a = foo${?b}", """{"a":"foo"}""")]
    [InlineData("a = [1] ${?b}", """{"a":[1]}""")]
    [InlineData("a = { x = 1 } ${?b}", """{"a":{"x":1}}""")]
    [InlineData("a = ${?b}${?c}", "{}")]
    [InlineData("a = ${?b} ${?c}", """{"a":" "}""")]
    [InlineData("a = \"\"${?b}", """{"a":""}""")]
    [InlineData("a = ${?b}, b = ${?c.d}, c { d = ${?a} }", """{"c":{}}""")]
    public void Leaves_out_what_is_optional_and_undefined(string text, string expected) => Assert.Equal(expected, Read.Json(text));

    [Theory]
    [InlineData("path = \"a:b\", path = ${path}\":d\"", """{"path":"a:b:d"}""")]
    [InlineData("a = ${?a}foo", """{"a":"foo"}""")]
    [InlineData("a = ${?a}foo${?a}", """{"a":"foo"}""")]
    [InlineData("a = 1, a = ${?a}foo${?a}", """{"a":"1foo1"}""")]
    [InlineData("a = 1, a = ${a}x, a = ${a}y, a = ${a}z", """{"a":"1xyz"}""")]
    [InlineData("a = 1, a = ${a}, a = ${a}", """{"a":1}""")]
    [InlineData("foo = ${?foo}", "{}")]
    [InlineData("foo = ${foo}, foo = 42", """{"foo":42}""")]
    [InlineData("foo = ${does-not-exist}, foo = 42", """{"foo":42}""")]
    [InlineData("foo { a = 1 }, foo = ${foo}", """{"foo":{"a":1}}""")]
    [InlineData("foo { a { c = 1 } }, foo = ${foo.a}, foo { a = 2 }", """{"foo":{"a":2,"c":1}}""")]
    [InlineData("a { b { c = 5 } }, a = ${a.b}, a { b = 2 }", """{"a":{"b":2,"c":5}}""")]
    [InlineData("a { b { c = 5 } }, a { x = ${a.b} }, a { b = 2 }", """{"a":{"b":2,"x":2}}""")]
    [InlineData("a { b = 5 }, a = ${a}, a { c = 6 }", """{"a":{"b":5,"c":6}}""")]
    [InlineData("a { x = 1 }, a { x = ${a.x}2 }", """{"a":{"x":"12"}}""")]
    [InlineData("b { x = 1 }, a = ${b}, a { x = ${a.x}2 }", """{"b":{"x":1},"a":{"x":"12"}}""")]
    [InlineData("a = 1, b = ${a}, a = ${b}", """{"a":1,"b":1}""")]
    [InlineData("a = ${?b}foo, b = ${?a}", """{"a":"foo"}""")]
    public void Looks_back_where_it_refers_to_itself(string text, string expected) => Assert.Equal(expected, Read.Json(text));

    [Theory]
    [InlineData("bar { foo = 42, baz = ${bar.foo} }", """{"bar":{"foo":42,"baz":42}}""")]
    [InlineData("bar { foo = 42, baz = ${bar.foo} }, bar { foo = 43 }", """{"bar":{"foo":43,"baz":43}}""")]
    [InlineData("bar = 101, bar { foo = 42, baz = ${bar.foo} }", """{"bar":{"foo":42,"baz":42}}""")]
    [InlineData("bar { a = ${foo.d}, b = 1 }, bar.b = 3, foo { c = ${bar.b}, d = 2 }, foo.d = 4", """{"bar":{"a":4,"b":3},"foo":{"c":3,"d":4}}""")]
    public void Lets_objects_refer_to_paths_inside_themselves(string text, string expected) => Assert.Equal(expected, Read.Json(text));

    [Fact]
    public void Asks_the_environment_last_and_takes_a_string_from_it()
    {
        var options = new HoconReaderOptions { Environment = name => name switch { "PORT" => "5", "EMPTY" => "", "PATH" => "/bin", _ => null } };

        var json = Read.Json("PORT = null, a = ${PORT}, c = ${EMPTY}, d = ${?NOPE}, PATH = ${PATH}\":/x\"", options);
        Assert.Equal("""{"PORT":null,"a":null,"c":"","PATH":"/bin:/x"}""", json);
        Assert.Equal("""{"a":"5","b":"x5"}""", Read.Json("a = ${PORT}, b = x${PORT}", options));
    }

    [Theory]
    [InlineData("a = ${b}", "`${b}` is not defined")]
    [InlineData("a = ${b}, a { x = 1 }", "`${b}` is not defined")]
    [InlineData("a = ${a}", "`${a}` refers to itself, and there is no earlier value")]
    [InlineData("foo = ${bar}, bar = ${foo}", "`${foo}` refers to itself, and there is no earlier value")]
    [InlineData("a = ${b}, b = ${c}, c = ${a}", "`${a}` refers to itself, and there is no earlier value")]
    [InlineData("a { b = ${a} }", "`${a}` contains itself")]
    [InlineData("a = [${a}]", "`${a}` contains itself")]
    [InlineData("o { z = 1 }, a = x ${o}", "`${o}` is an object: an object and a string cannot be put together")]
    [InlineData("o { z = 1 }, a = [1] ${o}", "`${o}` is an object: an object and an array cannot be put together")]
    [InlineData("a = [1], b = [2], x = ${a}\" \"${b}", "`${a}` is an array: an array and a string cannot be put together")]
    [InlineData("l = 5, l += 2", "`+=` needs an array to add to, but the value was a number")]
    public void Reports_what_cannot_be_resolved_once(string text, string message) => Assert.Equal(message, Read.Error(text).Message);

    [Fact]
    public void Suggests_the_path_that_was_probably_meant()
    {
        var error = Read.Error("router { name = x }\na = ${router.nmae}");

        Assert.Equal("node.conf:2:5", error.Span?.ToString());
        Assert.Equal(14, error.Span?.Length);
        Assert.Equal("did you mean `${router.name}`?", error.Hint);
    }

    [Fact]
    public void Says_that_neither_key_nor_environment_has_it() =>
        Assert.Equal("neither a key nor an environment variable; `${?HOST}` if it may be missing", Read.Error("a = ${HOST}").Hint);

    [Fact]
    public void Names_the_members_of_a_cycle() => Assert.Equal("b -> c -> a", Read.Error("a = ${b}, b = ${c}, c = ${a}").Hint);
}
