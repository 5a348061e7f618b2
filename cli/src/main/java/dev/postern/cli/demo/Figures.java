package dev.postern.cli.demo;

import java.util.List;

/// What one failover took, from the moment of the SIGKILL. Milliseconds.
///
/// @param suspected when the client began to doubt its gateway
/// @param givenUp when it had asked often enough and began to move
/// @param switched when the other gateway's answer had come
/// @param answered when the first echo came through the new tunnel
/// @param lost echo requests without an answer
/// @param sameAddress whether the client kept its inner address
record Figures(
        long suspected,
        long givenUp,
        long switched,
        long answered,
        long lost,
        long messages,
        long octets,
        boolean sameAddress,
        String by) {

    /// Computes them from what the client said.
    ///
    /// @throws DemoFailure where a step is missing
    static Figures of(List<EventLine> client, long killedAt) throws DemoFailure {
        EventLine givenUp = first(client, "switch-started", killedAt);
        EventLine switched = first(client, "switch-completed", killedAt);
        EventLine answered = first(client, "probe-answered", switched.uptimeMillis());
        EventLine traffic = first(client, "ike-traffic", killedAt);
        return new Figures(
                first(client, "gateway-suspected", killedAt).uptimeMillis() - killedAt,
                givenUp.uptimeMillis() - killedAt,
                switched.uptimeMillis() - killedAt,
                answered.uptimeMillis() - killedAt,
                answered.number("lost"),
                traffic.number("messagesSent") + traffic.number("messagesReceived"),
                traffic.number("octetsSent") + traffic.number("octetsReceived"),
                switched.text("addressChanged").equals("false"),
                switched.text("by"));
    }

    private static EventLine first(List<EventLine> events, String name, long from)
            throws DemoFailure {
        for (EventLine event : events) {
            if (event.event().equals(name) && event.uptimeMillis() >= from) {
                return event;
            }
        }
        throw new DemoFailure("the client never said " + name);
    }

    boolean isResumed() {
        return by.startsWith("resumed");
    }

    /// Key agreements that the client and the gateway computed for it.
    int keyAgreements() {
        return isResumed() ? 0 : 2;
    }

    /// From the first message to the other gateway until its answer.
    long exchange() {
        return switched - givenUp;
    }
}
