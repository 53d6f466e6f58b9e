using MessageRouter.Zmtp.Security;

namespace MessageRouter.Tests.Zmtp;

public class FileSecrecyTests
{
    private const long Root = 0, Node = 1654, Stranger = 1000, Unknown = -1;

    [Theory]
    [InlineData("rw- --- ---", Node, Node, false)]
    [InlineData("rw- --- ---", Root, Root, false)]
    [InlineData("rw- r-- ---", Node, Node, true)]
    [InlineData("rw- -w- ---", Root, Node, true)]
    [InlineData("rw- rw- ---", Root, Node, true)]
    [InlineData("rw- r-- r--", Root, Node, true)]
    [InlineData("rw- --- -w-", Root, Node, true)]
    [InlineData("r-- r-- ---", Root, Node, false)]
    [InlineData("r-- r-- ---", Root, Root, true)]
    [InlineData("r-- r-- ---", Stranger, Node, true)]
    [InlineData("r-- r-- ---", Unknown, Node, true)]
    public void A_secret_is_its_owners_alone_or_roots_for_a_group_that_it_has_given_it_to(string mode, long owner, long self, bool isOthers) =>
        Assert.Equal(isOthers, FileSecrecy.IsOthers(Mode(mode), () => owner == Unknown ? null : (uint)owner, () => (uint)self));

    private static UnixFileMode Mode(string text) => (UnixFileMode)text.Where(character => character != ' ').Aggregate(0, (mode, character) => (mode << 1) | (character == '-' ? 0 : 1));
}
