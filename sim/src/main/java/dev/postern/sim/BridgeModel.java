package dev.postern.sim;

import dev.postern.cluster.SiteEntries;
import dev.postern.ike.Now;
import dev.postern.ticket.store.SessionReference;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/// The bridge between the sites of a domain, at its interface: carries what they say to all of the
/// domain, and their sessions. It does what the real one may do. A change goes across later, the
/// latest of each entry once; changes of different entries overtake each other, those of one do
/// not; what cannot be sent is kept as long as its site lives, and comes twice where the link fell
/// when it was on its way. An entry has a version of each site: what is older by all of them is
/// dropped, and of two that do not know of each other the same one stands at both. A site that
/// loses its last member forgets everything, its count of versions too. That a link has fallen or a
/// site is back is seen late.
final class BridgeModel {
    private static final byte[] GONE = {};
    private static final int PART = 128;
    private static final long RETRY_NANOS = 200 * Now.NANOS_PER_MILLI;

    /// What is of one site alone: who goes by which voters, what it makes of the others.
    private static final List<String> INSIDE = List.of("electorate/", "sites/");

    /// A word by its name, or a session by its reference.
    private record Key(String name, @Nullable SessionReference reference) {}

    private record Entry(byte[] octets, long[] versions) {
        boolean isGone() {
            return octets.length == 0;
        }

        /// Whether it knows of the other.
        boolean covers(Entry other) {
            for (int i = 0; i < versions.length; i++) {
                if (versions[i] < other.versions[i]) {
                    return false;
                }
            }
            return true;
        }
    }

    /// What a site's members hold together.
    private static final class Site {
        final Map<Key, Entry> entries = new LinkedHashMap<>();
        final Set<Integer> seen = new TreeSet<>();
        long count;
        int life;
    }

    /// From one site to another.
    private record Link(int from, int to, Set<Key> waiting, Set<Key> onTheirWay) {}

    private final Simulation simulation;
    private final Dice dice;
    private final List<Site> sites = new ArrayList<>();
    private final List<Link> links = new ArrayList<>();
    private int cuts;
    private int extraMillis;

    BridgeModel(Simulation simulation) {
        this.simulation = simulation;
        this.dice = Dice.of(simulation.plan().seed(), "bridge");
        int count = simulation.plan().sites();
        for (int from = 0; from < count; from++) {
            sites.add(new Site());
            for (int to = 0; to < count; to++) {
                if (from != to) {
                    links.add(new Link(from, to, new LinkedHashSet<>(), new HashSet<>()));
                }
            }
        }
    }

    void cut() {
        cuts++;
        changed();
    }

    void mend() {
        cuts--;
        changed();
    }

    void slow(int millis) {
        extraMillis += millis;
    }

    void heal() {
        cuts = 0;
        extraMillis = 0;
        changed();
    }

    /// Who stands at its end of the bridge may be another one now, or see it.
    void changed() {
        for (Link link : links) {
            simulation
                    .agenda()
                    .in(
                            dice.between(150, 1200) * Now.NANOS_PER_MILLI,
                            () -> {
                                Set<Integer> seen = sites.get(link.from()).seen;
                                if (isUp(link)) {
                                    seen.add(link.to());
                                } else {
                                    seen.remove(link.to());
                                }
                            });
        }
    }

    private boolean isUp(Link link) {
        return cuts == 0 && simulation.grid().haveWay(link.from(), link.to());
    }

    /// The sites that one sees.
    List<String> inSight(int site) {
        return sites.get(site).seen.stream().map(Plan::siteName).toList();
    }

    /// A site's last member has ended.
    void lost(int number) {
        Site site = sites.get(number);
        site.entries.clear();
        site.seen.clear();
        site.count = 0;
        site.life++;
        links.stream()
                .filter(link -> link.from() == number)
                .forEach(link -> {
                    link.waiting().clear();
                    link.onTheirWay().clear();
                });
    }

    /// A member has said something.
    ///
    /// @param value null where it has taken it back
    void said(int site, String name, byte @Nullable [] value) {
        if (!links.isEmpty() && INSIDE.stream().noneMatch(name::startsWith)) {
            write(site, new Key(name, null), value == null ? GONE : value);
        }
    }

    /// What was said once is forgotten everywhere; what was said again since, in the same octets,
    /// is not.
    @SuppressWarnings("ReferenceEquality")
    void expire(String name, byte[] value) {
        Key key = new Key(name, null);
        for (Site site : sites) {
            site.entries.computeIfPresent(
                    key, (_, entry) -> entry.octets() == value ? null : entry);
        }
    }

    /// The record of a session may have changed.
    void stored(int site, SessionReference reference) {
        if (!links.isEmpty()) {
            Key key = new Key("", reference);
            byte[] now = simulation.store(site).read(reference);
            Entry before = sites.get(site).entries.get(key);
            if (!Arrays.equals(now, before == null ? GONE : before.octets())) {
                write(site, key, now);
            }
        }
    }

    private void write(int number, Key key, byte[] octets) {
        Site site = sites.get(number);
        Entry before = site.entries.get(key);
        long[] versions = before == null ? new long[sites.size()] : before.versions().clone();
        versions[number] = ++site.count;
        site.entries.put(key, new Entry(octets, versions));
        links.stream().filter(link -> link.from() == number).forEach(link -> offer(link, key));
    }

    private long delay() {
        return (5 + dice.below(40) + (extraMillis == 0 ? 0 : dice.below(extraMillis)))
                * Now.NANOS_PER_MILLI;
    }

    private void offer(Link link, Key key) {
        if (link.waiting().add(key)) {
            later(link, delay(), () -> send(link, key));
        }
    }

    /// Unless the site that sends has ended by then.
    private void later(Link link, long nanos, Runnable action) {
        Site from = sites.get(link.from());
        int life = from.life;
        simulation
                .agenda()
                .in(
                        nanos,
                        () -> {
                            if (from.life == life) {
                                action.run();
                            }
                        });
    }

    private void send(Link link, Key key) {
        Entry entry = sites.get(link.from()).entries.get(key);
        if (!isUp(link) || link.onTheirWay().contains(key)) {
            later(link, RETRY_NANOS, () -> send(link, key));
        } else if (link.waiting().remove(key) && entry != null) {
            link.onTheirWay().add(key);
            later(link, delay(), () -> arrive(link, key, entry));
        }
    }

    private void arrive(Link link, Key key, Entry entry) {
        link.onTheirWay().remove(key);
        boolean isUp = isUp(link);
        if (isUp || dice.flip()) {
            receive(link.to(), key, entry);
        }
        if (!isUp) {
            offer(link, key);
        } else if (entry.isGone()) {
            sites.get(link.from()).entries.remove(key, entry);
        }
    }

    private void receive(int number, Key key, Entry theirs) {
        Site site = sites.get(number);
        if (!simulation.grid().hasMember(number)) {
            return;
        }
        site.count = Math.max(site.count, theirs.versions()[number]);
        Entry ours = site.entries.get(key);
        if (ours == null || (theirs.covers(ours) && !ours.covers(theirs))) {
            adopt(number, key, theirs);
        } else if (!ours.covers(theirs)) {
            boolean stands = compare(key, ours, theirs) >= 0;
            long[] versions = ours.versions().clone();
            Arrays.setAll(versions, i -> Math.max(versions[i], theirs.versions()[i]));
            if (stands) {
                site.entries.put(key, new Entry(ours.octets(), versions));
            } else {
                adopt(number, key, new Entry(theirs.octets(), versions));
            }
        }
    }

    private static int compare(Key key, Entry ours, Entry theirs) {
        return key.reference() == null
                ? SiteEntries.compareWords(ours.octets(), theirs.octets())
                : SiteEntries.compareSessions(ours.octets(), theirs.octets());
    }

    private void adopt(int number, Key key, Entry entry) {
        Site site = sites.get(number);
        if (entry.isGone()) {
            site.entries.remove(key);
        } else {
            site.entries.put(key, entry);
        }
        SessionReference reference = key.reference();
        if (reference == null) {
            simulation.grid().tellSite(number, key.name(), entry.isGone() ? null : entry.octets());
        } else {
            simulation.store(number).write(reference, entry.octets());
            // No member ever lowers a count, whatever another site sends.
            stored(number, reference);
        }
    }

    /// Sends a site everything that another has, a part after the other.
    ///
    /// @param then hears whether it has all of it; nothing where the sender has ended
    void sendEverything(int from, int to, Consumer<Boolean> then) {
        for (Link link : links) {
            if (link.from() == from && link.to() == to) {
                List<Key> words = new ArrayList<>();
                List<Key> sessions = new ArrayList<>();
                for (Key key : sites.get(from).entries.keySet()) {
                    (key.reference() == null ? words : sessions).add(key);
                }
                words.addAll(sessions);
                sendPart(link, words, then);
            }
        }
    }

    private void sendPart(Link link, List<Key> keys, Consumer<Boolean> then) {
        later(
                link,
                delay(),
                () -> {
                    if (!isUp(link)) {
                        then.accept(false);
                        return;
                    }
                    int end = Math.min(PART, keys.size());
                    for (Key key : keys.subList(0, end)) {
                        Entry entry = sites.get(link.from()).entries.get(key);
                        if (entry != null) {
                            receive(link.to(), key, entry);
                        }
                    }
                    if (end == keys.size()) {
                        then.accept(true);
                    } else {
                        sendPart(link, keys.subList(end, keys.size()), then);
                    }
                });
    }
}
