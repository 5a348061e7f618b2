package dev.postern.sim.scale;

/// The gateways: queues with one server each, which hold as much work as the endpoint's queue does
/// and drop what is beyond it.
final class Servers {
    /// There is no answer.
    static final int NONE = -1;

    private final ScaleParameters parameters;
    private final ScaleResult result;

    /// Until when each gateway has work, in microseconds.
    private final long[] busyUntil;

    Servers(ScaleParameters parameters, ScaleResult result) {
        this.parameters = parameters;
        this.result = result;
        this.busyUntil = new long[parameters.gateways()];
    }

    boolean isLost(int gateway, int now) {
        int back = parameters.backAfterMillis();
        return gateway < parameters.gatewaysLost()
                && (back == 0 || now < ScaleModel.FAILURE_MILLIS + back);
    }

    /// A request that is sent now: when its answer is there, or [#NONE].
    int ask(int gateway, boolean resume, int now) {
        if (isLost(gateway, now)) {
            return NONE;
        }
        long arrival = arrival(now);
        long begin = Math.max(busyUntil[gateway], arrival);
        int micros = resume ? parameters.work().resumeMicros() : parameters.work().fullMicros();
        if (begin - arrival > (long) parameters.work().queueCapacity() * micros) {
            result.dropped();
            return NONE;
        }
        busyUntil[gateway] = begin + micros;
        result.worked(gateway, begin, micros);
        result.answered(gateway, begin + micros, begin - arrival);
        return (int) ((begin + micros) / 1000) + parameters.roundTripMillis() / 2;
    }

    /// A request that is in the gateway's queue, or answered, comes once more.
    void askAgain(int gateway, int now) {
        if (!isLost(gateway, now)) {
            goOn(gateway, now);
        }
    }

    /// A message that costs next to nothing waits for its turn all the same, as the second request
    /// of a full exchange does: when its answer is there.
    int goOn(int gateway, int now) {
        long begin = Math.max(busyUntil[gateway], arrival(now));
        int micros = parameters.work().repeatMicros();
        busyUntil[gateway] = begin + micros;
        result.worked(gateway, begin, micros);
        return (int) ((begin + micros) / 1000) + parameters.roundTripMillis() / 2;
    }

    private long arrival(int now) {
        return (now + parameters.roundTripMillis() / 2L) * 1000;
    }
}
