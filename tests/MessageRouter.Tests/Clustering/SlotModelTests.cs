using CsCheck;

namespace MessageRouter.Tests.Clustering;

/// <summary>Whoever comes, goes, dies or stands still, and however late nodes hear of it.</summary>
public class SlotModelTests
{
    [Fact]
    public void No_slot_has_two_owners_no_key_is_out_of_order_and_nothing_is_lost() =>
        Gen.Select(Gen.Int[0, 23], Gen.Int[0, 2000]).Array[50, 600].Sample(steps =>
        {
            var model = new SlotModel();
            foreach (var (kind, which) in steps) model.Step(kind, which);
            model.Settle();

            Assert.True(!model.Missing().Any(), string.Join("\n", model.Missing()));
            foreach (var key in model.History.GroupBy(each => (each.Message.Feeder, each.Message.Key)))
            {
                var numbers = key.Select(each => each.Message.Number).Distinct().ToList();
                Assert.Equal(numbers.Order(), numbers);
            }
        }, iter: 300, threads: 2);

    [Fact]
    public void Where_nobody_dies_all_is_worked_on_once()
    {
        var model = new SlotModel();
        var random = new Random(1);
        for (var n = 0; n < 2000; n++) model.Step(random.Next(18), random.Next(2000));
        model.Settle();

        Assert.Empty(model.Missing());
        Assert.InRange(model.History.Count, 100, 2000);
        Assert.Equal(model.History.Count, model.History.Select(each => each.Message).Distinct().Count());
        Assert.True(model.History.Select(each => each.Owner).Distinct().Count() > 1);
    }
}
