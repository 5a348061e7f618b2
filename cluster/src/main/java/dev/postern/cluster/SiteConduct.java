package dev.postern.cluster;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/// What the members of one site do about the other sites of their domain, and what they know of
/// them: who is in sight, which site counts as lost, and whether a site that begins anew has been
/// told what the others have. Each change of the domain's words and sessions goes across by itself;
/// that is the bridge's.
///
/// A site's life begins with a member that finds no other, and has a name, its *birth*. It stands
/// in the domain; the first member of another site that sees a new one has everything sent there,
/// and says so in the domain when that is done: from then on the new life is *caught up*. A link
/// that was only cut needs none of that, the bridge has kept what changed.
///
///     first member:   in sight --> the site's words --> every member: fences are lifted
///     of its primary side: lost --> fence; birth --> domain; another's birth --> sendEverything
///
/// [#look] is called from one thread; the questions read what is said alone, and may be asked from
/// any that the words may be read from.
public final class SiteConduct {
    /// How often [#look] is to be called, in nanoseconds.
    public static final long LOOK_NANOS = 500_000_000L;

    /// Known in the site: who is on the bridge, our birth, which lives have been sent everything,
    /// which sites are fenced.
    private static final String SEEN = "sites/seen";

    private static final String OWN_BIRTH = "sites/birth";
    private static final String SERVED = "sites/served/";
    private static final String FENCE = "sites/fence/";

    /// Known in the domain: births, and who has sent everything to which.
    private static final String BIRTH = "site/";

    private static final String SENT = "sent/";

    private static final byte[] NO = {0};
    private static final byte[] YES = {1};

    /// What is said of a life is said again as long as it goes on; then it may be forgotten.
    private static final long LIFE_SECONDS = 30 * 86_400L;

    /// What is said, of each name the last word.
    public interface Words extends CommonKnowledge.Words {
        /// Every word whose name begins so.
        Map<String, byte[]> all(String prefix);
    }

    /// The way to the other sites.
    public interface Bridge {
        /// The sites that are in sight; asked of the first member of a view alone.
        Collection<String> inSight();

        /// Sends a site everything, a part after the other. One is under way at a time.
        ///
        /// @param then hears, at once or later, whether it has all of it
        void sendEverything(String site, Consumer<Boolean> then);

        /// A name that no life of any site has had.
        String nameBirth();

        /// A site counts as lost from now on.
        void fenced(String site);

        /// It has been seen again, and does not any more.
        void unfenced(String site);
    }

    private final String own;
    private final Set<String> sites;
    private final Words inside;
    private final Words domain;
    private final Bridge bridge;
    private final SiteSightings sightings;
    private boolean sending;
    private boolean caughtUp;
    private boolean catchingUp;

    /// @param own the name of our site
    /// @param others those of the other sites of the domain
    /// @param inside what the members of our site say to each other
    /// @param domain what those of all sites do
    /// @param lostAfterNanos 0 where only an operator may say that a site is lost
    public SiteConduct(
            String own,
            Collection<String> others,
            Words inside,
            Words domain,
            Bridge bridge,
            long lostAfterNanos,
            long nowNanos) {
        this.own = own;
        this.sites = new TreeSet<>(others);
        this.inside = inside;
        this.domain = domain;
        this.bridge = bridge;
        this.sightings = new SiteSightings(sites, lostAfterNanos, nowNanos);
        this.caughtUp = sites.isEmpty();
    }

    /// Looks at the other sites.
    ///
    /// @param coordinates whether this member comes first in its view
    /// @param primary whether its side is the primary one
    public void look(boolean coordinates, boolean primary, long nowNanos) {
        if (coordinates) {
            saySight();
        }
        Set<String> seen = seen();
        sightings.look(sites, seen, nowNanos);
        for (String site : seen) {
            if (isFenced(site)) {
                inside.put(FENCE + site, NO);
                bridge.unfenced(site);
            }
        }
        if (coordinates && primary) {
            sightings.lost(nowNanos).forEach(this::fence);
            tellBirth();
            seen.forEach(this::serve);
        }
        caughtUp = sites.stream().allMatch(site -> isFenced(site) || hasSent(site));
        catchingUp = !seen.stream().allMatch(this::hasSent);
    }

    private void saySight() {
        Set<String> found = new TreeSet<>(bridge.inSight());
        found.retainAll(sites);
        byte[] said = octets(String.join("\n", found));
        if (!Arrays.equals(said, inside.get(SEEN))) {
            inside.put(SEEN, said);
        }
    }

    private void tellBirth() {
        String birth = birth();
        if (birth == null) {
            birth = bridge.nameBirth();
            inside.put(OWN_BIRTH, octets(birth));
        }
        // A name of its own for each life: a site's earlier one may have left its mark elsewhere.
        String name = BIRTH + own + "/" + birth;
        if (domain.get(name) == null) {
            domain.put(name, Fields.empty().with(1, own).encode(), LIFE_SECONDS);
        }
    }

    /// Has everything sent to the lives of a site that have not got it.
    private void serve(String site) {
        String prefix = BIRTH + site + "/";
        for (String name : domain.all(prefix).keySet()) {
            String birth = name.substring(prefix.length());
            String served = SERVED + site + "/" + birth;
            if (inside.get(served) == null && !sending) {
                sending = true;
                bridge.sendEverything(
                        site,
                        hasAll -> {
                            sending = false;
                            if (hasAll) {
                                // Only the youngest life is there to be sent anything, and it has
                                // got it now.
                                inside.put(served, YES);
                                domain.put(SENT + own + "/" + birth, YES, LIFE_SECONDS);
                            }
                        });
            }
        }
    }

    /// The life of our site; null before it has a name.
    private @Nullable String birth() {
        byte[] said = inside.get(OWN_BIRTH);
        return said == null ? null : text(said);
    }

    /// The sites that our first member has last seen.
    public Set<String> seen() {
        byte[] said = inside.get(SEEN);
        Set<String> seen = new TreeSet<>(sites);
        seen.retainAll(said == null ? Set.of() : Set.of(text(said).split("\n")));
        return seen;
    }

    /// Whether a site has sent our life all that it had.
    public boolean hasSent(String site) {
        String birth = birth();
        return birth != null && domain.get(SENT + site + "/" + birth) != null;
    }

    /// Whether a site counts as lost: it serves nobody, and will not before we have seen it again.
    public boolean isFenced(String site) {
        byte[] fence = inside.get(FENCE + site);
        return fence != null && fence[0] == YES[0];
    }

    /// Somebody answers for it that a site is lost until it is seen again.
    ///
    /// @return whether it was in doubt
    public boolean fence(String site) {
        if (!sites.contains(site) || seen().contains(site) || isFenced(site)) {
            return false;
        }
        inside.put(FENCE + site, YES);
        bridge.fenced(site);
        return true;
    }

    /// Whether of the sites that are in sight ours comes first: what one of them does, it does.
    public boolean isFirst() {
        return seen().stream().allMatch(site -> own.compareTo(site) < 0);
    }

    /// Whether we know what the other sites knew when ours began: each had told it at the last
    /// look, or counted as lost.
    public boolean isCaughtUp() {
        return caughtUp;
    }

    /// Whether a site that was in sight at the last look had yet to say what it has.
    public boolean isCatchingUp() {
        return catchingUp;
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] octets) {
        return new String(octets, StandardCharsets.UTF_8);
    }
}
