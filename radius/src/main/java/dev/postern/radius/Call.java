package dev.postern.radius;

/// What a [RadiusClient] shall ask a server. The caller numbers its calls.
public sealed interface Call {
    long id();

    /// An Access-Request.
    ///
    /// @param server the only one that may be asked: that which gave the State among the
    ///   attributes, since no other knows the conversation; -1 for any
    record Access(long id, Attributes attributes, int server) implements Call {}

    /// An Accounting-Request.
    ///
    /// @param happenedAt epoch seconds; Acct-Delay-Time is counted from it in each new packet
    record Accounting(long id, Attributes attributes, long happenedAt) implements Call {}

    /// The only server for this call, or -1.
    default int onlyServer() {
        return switch (this) {
            case Access access -> access.server();
            case Accounting _ -> -1;
        };
    }

    default Code code() {
        return switch (this) {
            case Access _ -> Code.ACCESS_REQUEST;
            case Accounting _ -> Code.ACCOUNTING_REQUEST;
        };
    }
}
