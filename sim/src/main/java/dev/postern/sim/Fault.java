package dev.postern.sim;

import java.util.Locale;

/// Something that goes wrong at an instant of a run, or for a while. A value: a plan lists them, a
/// trace prints them, a shrinker leaves them out.
public sealed interface Fault {
    /// When it begins, in milliseconds from the start of the run.
    int atMillis();

    /// How long it lasts; 0 for what happens at once.
    int forMillis();

    /// In place of a delay: the answer never comes.
    int NEVER = -1;

    /// What a gateway still has after a crash.
    enum Memory {
        /// The TGS keys, which lie in a file.
        TICKET_KEYS,
        /// Nothing: it makes a key of its own.
        NOTHING
    }

    /// A gateway loses power and comes back.
    record GatewayCrash(int atMillis, int forMillis, int gateway, Memory memory) implements Fault {}

    /// All gateways lose power together and come back together: every client reconnects at once.
    record SiteCrash(int atMillis, int forMillis) implements Fault {}

    /// All gateways of a site lose power together and come back together.
    record SiteLost(int atMillis, int forMillis, int site) implements Fault {}

    /// The bridge between the sites is cut, and both live.
    record BridgeCut(int atMillis, int forMillis) implements Fault {}

    /// An operator answers for it, at each member of the others, that a site is lost; rightly or
    /// not.
    record SiteGivenUp(int atMillis, int forMillis, int site) implements Fault {}

    /// @param keepsTicket whether it starts again with the session that it held
    record ClientRestart(int atMillis, int forMillis, int client, boolean keepsTicket)
            implements Fault {}

    /// A gateway loses power, and another member of its cluster owns its address so much later and
    /// carries on with its IKE SAs.
    ///
    /// @param sameMember whether it is the very machine, restarted with what its standby has kept
    record HotTakeover(int atMillis, int forMillis, int gateway, boolean sameMember)
            implements Fault {}

    /// A gateway is lost, or only believed to be, and another one at its own address restores its
    /// IKE SAs and calls its clients.
    ///
    /// @param alive whether it is there after all
    record LooseTakeover(int atMillis, int forMillis, int gateway, boolean alive)
            implements Fault {}

    /// Somebody outside the domain has got hold of a gateway's standby records, keys and all, and
    /// calls its clients with vouchers of his own making.
    record StolenRecords(int atMillis, int forMillis, int gateway) implements Fault {}

    /// A client ends its session with a Delete and connects again.
    record ClientReconnect(int atMillis, int forMillis, int client) implements Fault {}

    /// Nothing passes between a gateway and a client; -1 stands for every one.
    record Partition(int atMillis, int forMillis, int gateway, int client) implements Fault {}

    /// Nothing passes in one direction.
    record OneWayLoss(int atMillis, int forMillis, int gateway, int client, boolean towardsClient)
            implements Fault {}

    record Loss(int atMillis, int forMillis, int permille) implements Fault {}

    record Delay(int atMillis, int forMillis, int extraMillis) implements Fault {}

    record Duplication(int atMillis, int forMillis, int permille) implements Fault {}

    /// Each datagram takes a time of its own, so that they overtake each other.
    record Reordering(int atMillis, int forMillis, int spreadMillis) implements Fault {}

    /// A client's NAT forgets its mapping and makes another.
    record Rebinding(int atMillis, int forMillis, int client) implements Fault {}

    /// A client's host moves to another network: another address, and it notices.
    record Roaming(int atMillis, int forMillis, int client) implements Fault {}

    /// A client has nothing to send for a while, and lets its session rest.
    record Parking(int atMillis, int forMillis, int client) implements Fault {}

    /// An operator revokes the session that a client has last set up, at all gateways.
    record Revoking(int atMillis, int forMillis, int client) implements Fault {}

    /// An operator empties a gateway into the others, and lets clients in again.
    record Drain(int atMillis, int forMillis, int gateway) implements Fault {}

    /// A gateway's wall clock is wrong by so much from now on.
    record WallClock(int atMillis, int forMillis, int gateway, int seconds) implements Fault {}

    /// A gateway's clocks run fast or slow.
    record Drift(int atMillis, int forMillis, int gateway, int partsPerMillion) implements Fault {}

    /// A client's clock shows another date, and runs faster or slower than others for as long.
    record ClientClock(int atMillis, int forMillis, int client, int seconds, int partsPerMillion)
            implements Fault {}

    /// A gateway's leases take long, or are never answered.
    ///
    /// @param delayMillis [#NEVER] where no answer comes
    record SlowLeases(int atMillis, int forMillis, int gateway, int delayMillis) implements Fault {}

    /// A gateway lets clients in, answers their checks, and forwards none of their packets.
    ///
    /// @param tells whether it answers each with an ICMP error
    record UplinkLost(int atMillis, int forMillis, int gateway, boolean tells) implements Fault {}

    /// No gateway has an inner address to give.
    record PoolsExhausted(int atMillis, int forMillis) implements Fault {}

    /// The session store takes long, never answers, or says that it is out of reach.
    ///
    /// @param delayMillis [#NEVER] where no answer comes
    /// @param unavailable it answers, and cannot do it
    record SlowStore(int atMillis, int forMillis, int delayMillis, boolean unavailable)
            implements Fault {}

    /// The members that held so many of a thousand records of the session store are gone.
    record StoreLoss(int atMillis, int forMillis, int permille) implements Fault {}

    /// What is written into the session store from now on is lost with the site that has heard of
    /// it: `forMillis` later the store is what it was.
    record StoreSetBack(int atMillis, int forMillis) implements Fault {}

    /// The session store answers with another session's record.
    record StoreMixUp(int atMillis, int forMillis) implements Fault {}

    /// The AAA server takes long, or never answers.
    ///
    /// @param delayMillis [#NEVER] where no answer comes
    /// @param twice each answer comes twice
    record SlowAaa(int atMillis, int forMillis, int delayMillis, boolean twice) implements Fault {}

    /// A new TGS key reaches the gateways one by one, `staggerMillis` apart, and seals from the
    /// moment it arrives; the old one is dropped everywhere `forMillis` later. Where they are a
    /// cluster its members make keys by a schedule from now on.
    record KeyRotation(int atMillis, int forMillis, int staggerMillis) implements Fault {}

    /// A gateway runs an older version for a while, which knows nothing of resumption, and is
    /// upgraded: two restarts.
    record OlderVersion(int atMillis, int forMillis, int gateway) implements Fault {}

    /// A gateway is upgraded before the others to a version that writes more into tickets and
    /// records than they know, and set back.
    ///
    /// @param handsOver whether a standby carries on with its IKE SAs each time; else it restarts
    record NewerVersion(int atMillis, int forMillis, int gateway, boolean handsOver)
            implements Fault {}

    /// All gateways are upgraded to that version, one after the other, and stay with it.
    ///
    /// @param forMillis from the first one to the last
    /// @param handsOver whether a standby carries on with their IKE SAs; else they restart
    record RollingUpgrade(int atMillis, int forMillis, boolean handsOver) implements Fault {}

    /// The gateways of a cluster lose sight of each other, while clients reach them all.
    ///
    /// @param side those on one side, as bits
    record GridPartition(int atMillis, int forMillis, int side) implements Fault {}

    /// What the gateways of a cluster say to each other takes long.
    record SlowGrid(int atMillis, int forMillis, int extraMillis) implements Fault {}

    /// What members keep of each other's IKE SAs for hot standby arrives late: whoever takes over
    /// goes by a record that is older than the last exchanges, or has none.
    record LateRecords(int atMillis, int forMillis, int extraMillis) implements Fault {}

    /// Hosts inside send to every inner address that is given out, whether its client listens or
    /// not.
    record Callers(int atMillis, int forMillis) implements Fault {}

    /// A client has taken out the checks of its own data plane, and sends from inner addresses that
    /// are not its own.
    record Spoofing(int atMillis, int forMillis, int client) implements Fault {}

    /// An attacker sends recorded datagrams again: to their receiver or to another, from their
    /// sender's address or from his own.
    record Replay(int atMillis, int forMillis, int count) implements Fault {}

    /// An attacker sends datagrams of his own making.
    record Injection(int atMillis, int forMillis, int count) implements Fault {}

    /// An attacker on the path changes octets.
    record Tampering(int atMillis, int forMillis, int permille) implements Fault {}

    /// An attacker on the path drops resume answers.
    record AnswersDropped(int atMillis, int forMillis, int permille) implements Fault {}

    /// An attacker begins many exchanges from many addresses.
    record Flood(int atMillis, int forMillis, int count) implements Fault {}

    /// Somebody else answers under a gateway's address, without its keys.
    record Impostor(int atMillis, int forMillis, int gateway) implements Fault {}

    /// A gateway of somebody else's answers under a gateway's address, which has the clients'
    /// pre-shared keys as well and another name.
    record Stranger(int atMillis, int forMillis, int gateway) implements Fault {}

    /// Whether there is whom it is about, among so many gateways and clients: a shorter plan may
    /// have lost them.
    default boolean concerns(int gateways, int clients) {
        return switch (this) {
            case GatewayCrash f -> f.gateway() < gateways;
            // Gateways are at each site in turn.
            case SiteLost f -> f.site() < gateways;
            case SiteGivenUp f -> f.site() < gateways;
            case HotTakeover f -> f.gateway() < gateways;
            // Another one takes over.
            case LooseTakeover f -> f.gateway() < gateways && gateways > 1;
            case StolenRecords f -> f.gateway() < gateways;
            case Partition f -> f.gateway() < gateways && f.client() < clients;
            case OneWayLoss f -> f.gateway() < gateways && f.client() < clients;
            case Drain f -> f.gateway() < gateways;
            case WallClock f -> f.gateway() < gateways;
            case Drift f -> f.gateway() < gateways;
            case SlowLeases f -> f.gateway() < gateways;
            case UplinkLost f -> f.gateway() < gateways;
            case OlderVersion f -> f.gateway() < gateways;
            case NewerVersion f -> f.gateway() < gateways;
            case Impostor f -> f.gateway() < gateways;
            case Stranger f -> f.gateway() < gateways;
            case ClientRestart f -> f.client() < clients;
            case ClientReconnect f -> f.client() < clients;
            case Rebinding f -> f.client() < clients;
            case Roaming f -> f.client() < clients;
            case Parking f -> f.client() < clients;
            case Revoking f -> f.client() < clients;
            case Spoofing f -> f.client() < clients;
            case ClientClock f -> f.client() < clients;
            case SiteCrash _,
                    BridgeCut _,
                    Loss _,
                    Delay _,
                    Duplication _,
                    Reordering _,
                    PoolsExhausted _,
                    SlowStore _,
                    StoreLoss _,
                    StoreSetBack _,
                    StoreMixUp _,
                    SlowAaa _,
                    RollingUpgrade _,
                    KeyRotation _,
                    GridPartition _,
                    SlowGrid _,
                    LateRecords _,
                    Callers _,
                    Replay _,
                    Injection _,
                    Tampering _,
                    AnswersDropped _,
                    Flood _ ->
                    true;
        };
    }

    /// For a trace and a shrunk plan.
    default String describe() {
        String fields = toString();
        return String.format(Locale.ROOT, "%7.3f  %s", atMillis() / 1000.0, fields);
    }
}
