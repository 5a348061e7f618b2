package dev.postern.ike.exchange;

import dev.postern.crypto.Entropy;
import dev.postern.ike.AlternativeGateways;
import dev.postern.ike.Ask;
import dev.postern.ike.Counter;
import dev.postern.ike.Counters;
import dev.postern.ike.Effect;
import dev.postern.ike.EndpointConfiguration;
import dev.postern.ike.Event;
import dev.postern.ike.HeldVouchers;
import dev.postern.ike.Now;
import dev.postern.ike.Path;
import dev.postern.ike.RedirectPolicy;
import dev.postern.ike.guard.Cookies;
import dev.postern.ike.guard.Crowds;
import dev.postern.ike.guard.ReassemblyBudget;
import dev.postern.ike.guard.RefusalBudget;
import dev.postern.ike.guard.VainQuestions;
import dev.postern.pki.RevocationEvidence;
import dev.postern.ticket.Revocations;
import dev.postern.wire.Octets;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// One endpoint's world, as an exchange sees it while it handles one input: the instant, the
/// configuration, the table of IKE SAs, and where effects go.
public final class Turn {
    private final EndpointConfiguration configuration;
    private final Entropy entropy;
    private final Counters counters;
    private final SaTable table = new SaTable();
    private final Cookies cookies = new Cookies();
    private final Crowds crowds = new Crowds();
    private @Nullable RefusalBudget refusals;
    private @Nullable VainQuestions vain;
    private final Revocations revocations;
    private RevocationEvidence revocationEvidence = new RevocationEvidence(List.of(), Map.of());
    private final ReassemblyBudget strangersFragments = new ReassemblyBudget(4L << 20);
    private final ReassemblyBudget peersFragments = new ReassemblyBudget(32L << 20);
    private AlternativeGateways alternativeGateways = AlternativeGateways.NONE;
    private List<InetAddress> advertised;
    private RedirectPolicy redirects = RedirectPolicy.NONE;
    private HeldVouchers vouchers = HeldVouchers.NONE;
    private @Nullable Draining draining;
    private Now now = new Now(0, 0);
    private List<Effect> effects = new ArrayList<>();
    private final Set<IkeSa> changed = new LinkedHashSet<>();
    private final TakeOvers takeOvers = new TakeOvers();
    private @Nullable IkeSa concerned;
    private long lastAskId;

    public Turn(EndpointConfiguration configuration, Entropy entropy, Counters counters) {
        this.configuration = configuration;
        this.entropy = entropy;
        this.counters = counters;
        this.advertised = configuration.network().advertised();
        this.revocations =
                new Revocations(
                        Revocations.DEFAULT_LIMIT, configuration.longestTicketLifetimeSeconds());
    }

    /// Starts a turn.
    public void begin(Now instant) {
        now = instant;
        effects = new ArrayList<>();
        concerned = null;
    }

    /// The effects of this turn, in order.
    public List<Effect> end() {
        StandbyReplication.tell(this, changed);
        changed.clear();
        return effects;
    }

    public Now now() {
        return now;
    }

    public EndpointConfiguration configuration() {
        return configuration;
    }

    public Entropy entropy() {
        return entropy;
    }

    public SaTable table() {
        return table;
    }

    /// Where this gateway's clients may go when it is gone.
    AlternativeGateways alternativeGateways() {
        return alternativeGateways;
    }

    /// Replaces them; clients learn it with their next list.
    public void setAlternativeGateways(AlternativeGateways gateways) {
        alternativeGateways = gateways;
    }

    /// Further addresses of ours that peers are told of.
    List<InetAddress> advertised() {
        return advertised;
    }

    void advertise(List<InetAddress> addresses) {
        advertised = addresses;
    }

    /// When clients are sent to other gateways.
    RedirectPolicy redirects() {
        return draining == null ? redirects : draining.policy(redirects);
    }

    public void setRedirects(RedirectPolicy policy) {
        redirects = policy;
    }

    /// What this gateway has signed about others.
    HeldVouchers vouchers() {
        return vouchers;
    }

    public void holdVouchers(HeldVouchers held) {
        vouchers = held;
    }

    /// Null where this gateway is not being emptied.
    @Nullable Draining draining() {
        return draining;
    }

    void setDraining(@Nullable Draining begun) {
        draining = begun;
    }

    /// What is known of revoked certificates.
    RevocationEvidence revocationEvidence() {
        return revocationEvidence;
    }

    public void know(RevocationEvidence evidence) {
        revocationEvidence = evidence.remembering(revocationEvidence);
    }

    /// What must not be resumed.
    public Revocations revocations() {
        return revocations;
    }

    public Cookies cookies() {
        return cookies;
    }

    /// Where handshakes come from.
    Crowds crowds() {
        return crowds;
    }

    /// How many refusals in clear text may go out.
    RefusalBudget refusals() {
        RefusalBudget present = refusals;
        if (present == null) {
            present = new RefusalBudget(Octets.of(entropy.octets(Long.BYTES)).toLong(0));
            refusals = present;
        }
        return present;
    }

    /// What strangers have made us ask for nothing.
    VainQuestions vainQuestions() {
        VainQuestions present = vain;
        if (present == null) {
            present = new VainQuestions(Octets.of(entropy.octets(Long.BYTES)).toLong(0));
            vain = present;
        }
        return present;
    }

    public void count(Counter counter) {
        counters.add(counter);
    }

    public void send(Path path, byte[] octets) {
        effects.add(new Effect.Send(path, octets));
    }

    /// Sends a message, in fragments perhaps.
    public void send(Path path, List<byte[]> datagrams) {
        datagrams.forEach(octets -> send(path, octets));
    }

    /// Octets that incomplete messages take.
    public long fragmentOctets() {
        return strangersFragments.held() + peersFragments.held();
    }

    /// What incomplete messages of peers that have not authenticated may take.
    ReassemblyBudget strangersFragments() {
        return strangersFragments;
    }

    /// What incomplete messages of all others may take.
    ReassemblyBudget peersFragments() {
        return peersFragments;
    }

    public void add(Effect effect) {
        effects.add(effect);
    }

    public void emit(Event event) {
        effects.add(new Effect.Emit(event));
    }

    /// Notes the IKE SA that is being worked on: what goes wrong from here on is its end.
    void concern(IkeSa sa) {
        concerned = sa;
    }

    /// The IKE SA that was worked on last in this turn, or null.
    @Nullable IkeSa concerned() {
        return concerned;
    }

    /// Carries this out before anything else of this turn.
    void addFirst(Effect effect) {
        effects.addFirst(effect);
    }

    /// Notes an IKE SA whose standby may have to know what has happened in this turn.
    void noteChanged(IkeSa sa) {
        changed.add(sa);
    }

    /// IKE SAs of another member that are being carried on with.
    public TakeOvers takeOvers() {
        return takeOvers;
    }

    /// Asks on behalf of an IKE SA; the answer comes back to its state.
    void ask(IkeSa sa, Ask ask) {
        lastAskId++;
        sa.awaitAnswer(lastAskId);
        table.awaitAnswer(lastAskId, sa);
        effects.add(new Effect.Raise(lastAskId, ask));
    }

    /// Asks beside whatever else the IKE SA waits for.
    ///
    /// @return the question's number, for [SaTable#takeAnswered]
    long askBeside(IkeSa sa, Ask ask) {
        lastAskId++;
        table.awaitAnswer(lastAskId, sa);
        effects.add(new Effect.Raise(lastAskId, ask));
        return lastAskId;
    }

    /// Tells the world outside something; whatever it answers is nobody's.
    void tell(Ask ask) {
        lastAskId++;
        effects.add(new Effect.Raise(lastAskId, ask));
    }

    /// A fresh IKE SPI of this member, not in use.
    public long newIkeSpi() {
        IkeSpiSpace ours = IkeSpiSpace.of(configuration);
        while (true) {
            long spi = ours.draw(entropy);
            if (table.byLocalSpi(spi) == null) {
                return spi;
            }
        }
    }

    /// A fresh ESP SPI; 0 to 255 are reserved (RFC 4303 section 2.1).
    public int newEspSpi() {
        while (true) {
            int spi = Octets.of(entropy.octets(4)).toInt();
            if (configuration.standby().isCluster()) {
                // RFC 6311 section 3.3: members choose them apart.
                spi = configuration.ivPrefix().member() << 24 | spi >>> 8;
            }
            if (spi >>> 8 != 0 && table.byInboundSpi(spi) == null) {
                return spi;
            }
        }
    }
}
