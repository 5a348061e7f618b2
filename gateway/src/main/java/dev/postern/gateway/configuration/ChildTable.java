package dev.postern.gateway.configuration;

import static dev.postern.gateway.configuration.Key.optional;
import static dev.postern.gateway.configuration.Key.required;

import dev.postern.ike.ChildMode;
import dev.postern.ike.Lifetime;
import dev.postern.net.Prefix;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The tables `[child.NAME]` of a client: what it reaches by Child SAs beside the first one.
final class ChildTable {
    /// An IKE SA holds 32 at most, with those that a rekeying replaces.
    private static final int MOST = 12;

    static final Key<List<Prefix>> REMOTE_SUBNETS =
            required(
                    "remote-subnets",
                    BasicTypes.list(NetworkTypes.subnet(), 1),
                    "[\"10.2.0.0/24\"]",
                    "What is reached through this Child SA.");
    static final Key<List<Prefix>> LOCAL_SUBNETS =
            optional(
                    "local-subnets",
                    BasicTypes.list(NetworkTypes.subnet(), 1),
                    "[\"10.7.0.0/24\"]",
                    "Our side of it. Missing: the inner address, or local-subnets of the first"
                            + " one.");
    static final Key<Duration> LIFE =
            optional(
                    "life",
                    Durations.betweenOrNever("10s", "7d"),
                    "\"20m\"",
                    "Age at which it is rekeyed at the latest. Missing: life.child.");
    static final Key<Integer> MEBIBYTES =
            optional(
                    "mebibytes",
                    BasicTypes.integer(0, Integer.MAX_VALUE),
                    "1024",
                    "Inner octets, in 2^20, in one direction after which it is rekeyed; 0 for no"
                            + " limit. Missing: life.child-mebibytes.");
    static final Key<Integer> PACKETS =
            optional(
                    "packets",
                    BasicTypes.integer(0, Integer.MAX_VALUE),
                    "1000000",
                    "Packets in one direction after which it is rekeyed; 0 for no limit. Missing:"
                            + " life.child-packets.");
    static final Shape SHAPE =
            Shape.named(
                    "child",
                    "A Child SA beside the first one, which the top of the file describes: it"
                            + " follows as soon as the connection stands, after a resume too, and"
                            + " is rekeyed by a schedule of its own. Of a packet that several allow"
                            + " the narrowest takes care.",
                    List.of(REMOTE_SUBNETS, LOCAL_SUBNETS, LIFE, MEBIBYTES, PACKETS));

    private ChildTable() {}

    /// @param first what holds where a table says nothing
    static List<ChildSettings> read(Section top, ChildMode mode, boolean asks, Lifetime first) {
        List<ChildSettings> children = new ArrayList<>();
        List<Section> sections = top.named(SHAPE);
        for (Section section : sections) {
            List<Prefix> remote = section.get(REMOTE_SUBNETS);
            @Nullable List<Prefix> local = section.optional(LOCAL_SUBNETS);
            if (local != null && asks) {
                section.place(LOCAL_SUBNETS)
                        .contradicts(
                                "means nothing with request-address = true; legal with"
                                        + " request-address = false only");
            }
            if (mode == ChildMode.TRANSPORT) {
                section.place(REMOTE_SUBNETS)
                        .contradicts(
                                "means nothing with mode = \"transport\", which is between this"
                                        + " host and its gateway; legal with mode = \"tunnel\""
                                        + " only");
            } else if (children.size() == MOST) {
                section.place(REMOTE_SUBNETS)
                        .contradicts("is one too many; legal are " + MOST + " tables [child.NAME]");
            }
            children.add(
                    new ChildSettings(
                            section.name(),
                            local == null ? List.of() : local,
                            remote,
                            lifetime(section, first)));
        }
        return children;
    }

    private static Lifetime lifetime(Section section, Lifetime first) {
        @Nullable Duration life = section.optional(LIFE);
        @Nullable Integer mebibytes = section.optional(MEBIBYTES);
        @Nullable Integer packets = section.optional(PACKETS);
        return LifeKeys.ofChild(
                life == null ? first : LifeKeys.lifetime(life),
                mebibytes == null ? first.rekeyOctets() : LifeKeys.octets(mebibytes),
                packets == null ? first.rekeyPackets() : packets);
    }
}
