package dev.postern.net;

import org.jspecify.annotations.Nullable;

/// A rule of the routing policy, as `ip rule` writes it: which packets look for their route in
/// which table.
///
/// @param ipv4 the family that it is about, else IPv6
/// @param priority lower ones are asked first
/// @param source only what leaves from this port; null for every packet
/// @param action what becomes of the packet
public record RoutingRule(boolean ipv4, int priority, @Nullable SourcePort source, Action action) {
    /// A port of this host, and of those for which it forwards, unless [Action.SkipForwarded] has
    /// led these past the rule. Answers to it are judged by the same rule, where the kernel asks by
    /// which way their sender is reached (the reverse path filter); by one for what this host
    /// itself sends (`iif lo`) they would not be, as the kernel does not look at their ports for
    /// such a rule.
    ///
    /// @param protocol an IP protocol, [#UDP] or [#TCP]
    public record SourcePort(int protocol, int port) {
        public static final int TCP = 6;
        public static final int UDP = 17;

        public static SourcePort udp(int port) {
            return new SourcePort(UDP, port);
        }

        public static SourcePort tcp(int port) {
            return new SourcePort(TCP, port);
        }

        @Override
        public String toString() {
            String name =
                    switch (protocol) {
                        case TCP -> "tcp";
                        case UDP -> "udp";
                        default -> Integer.toString(protocol);
                    };
            return "ipproto " + name + " sport " + port;
        }
    }

    /// What a rule does with a packet that it is about.
    public sealed interface Action {
        /// The route is looked for in this table, and by the next rules where it has none.
        record LookUp(int table) implements Action {
            @Override
            public String toString() {
                return "lookup " + table;
            }
        }

        /// The same, but a route to a prefix of this length or a shorter one does not count.
        record LookUpLonger(int table, int length) implements Action {
            @Override
            public String toString() {
                return "lookup " + table + " suppress_prefixlength " + length;
            }
        }

        /// The rule of a higher priority number is the next one that is asked.
        record GoTo(int priority) implements Action {
            @Override
            public String toString() {
                return "goto " + priority;
            }
        }

        /// For what this host forwards for others, the rule of this higher priority number is the
        /// next one that is asked; for what it sends by itself, the next rule.
        record SkipForwarded(int priority) implements Action {
            @Override
            public String toString() {
                return "not iif lo goto " + priority;
            }
        }

        /// The next rule is asked: where others go to.
        record Nothing() implements Action {
            @Override
            public String toString() {
                return "nop";
            }
        }

        /// There is no way.
        record Unreachable() implements Action {
            @Override
            public String toString() {
                return "unreachable";
            }
        }
    }

    public static RoutingRule lookUp(boolean ipv4, int priority, int table) {
        return new RoutingRule(ipv4, priority, null, new Action.LookUp(table));
    }

    /// As `ip rule add` takes it.
    @Override
    public String toString() {
        return "priority "
                + priority
                + (source == null ? "" : " " + source)
                + " "
                + action
                + (ipv4 ? "" : " (IPv6)");
    }
}
