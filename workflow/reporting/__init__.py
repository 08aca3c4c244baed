"""The books of a business day, computed from the events.

The ladder, all amounts in minor units of the location's currency and in whole orders' lines:

    gross            every item that was ordered, also what was taken off again
    − voids          items taken off one by one, on orders that went on
    − cancellations  items that fell away because their order was cancelled
    − rejections     items that fell away because their order was not accepted
    − discounts      what the discounts took off the rest
    = net            the sum of the orders' `total`

What was served before its order was cancelled stays owed, so it stays in net, as it stays in the order's `total`.

An order counts on its own business day, in the state it is in when that day is closed. Every event belongs to exactly
one report: the first whose day is not before the event's own and whose `last_position` reaches the event's position in
the feed. What an order of an earlier day is worth more or less by the events of this report is an *adjustment*, listed
and not mixed into the day's own figures. An order for a later day counts on that day, a payment when it is taken.
So the sum over all reports is what the whole history folds to, whatever happens late (a property test says so).

Percentiles are nearest-rank: p90 of n values is the ⌈0.9·n⌉-th smallest, a time that really happened.
"""
