package dev.postern.gateway.configuration;

import dev.postern.crypto.SecretBytes;
import dev.postern.ticket.TgsKey;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// What must hold between the files of one secure domain, each of which is good by itself. The
/// faults here are silent in operation until a gateway dies, or worse: two members with one number
/// can seal under one key and nonce.
public final class DomainCheck {
    private final List<Problem> problems = new ArrayList<>();
    private final long now;
    private final Instant at;

    private DomainCheck(Instant now) {
        this.now = now.getEpochSecond();
        this.at = now;
    }

    /// Each contradiction between two of the files, told at the later of them.
    public static List<Problem> problemsOf(List<CheckedFile> files, Instant now) {
        DomainCheck check = new DomainCheck(now);
        for (int i = 0; i < files.size(); i++) {
            for (CheckedFile earlier : files.subList(0, i)) {
                check.compare(earlier, files.get(i));
            }
        }
        return List.copyOf(check.problems);
    }

    private void compare(CheckedFile earlier, CheckedFile later) {
        switch (earlier) {
            case CheckedFile.OfGateway(GatewayConfiguration one) -> {
                switch (later) {
                    case CheckedFile.OfGateway(GatewayConfiguration other) -> gateways(one, other);
                    case CheckedFile.OfClient(ClientConfiguration client) -> client(one, client);
                    case CheckedFile.OfTicketService(TicketServiceConfiguration service) ->
                            problems.addAll(TicketServiceCheck.problemsOf(service, one, now));
                }
            }
            case CheckedFile.OfClient(ClientConfiguration client) -> {
                if (later instanceof CheckedFile.OfGateway(GatewayConfiguration gateway)) {
                    client(gateway, client);
                }
            }
            case CheckedFile.OfTicketService(TicketServiceConfiguration service) -> {
                if (later instanceof CheckedFile.OfGateway(GatewayConfiguration gateway)) {
                    problems.addAll(TicketServiceCheck.problemsOf(service, gateway, now));
                }
            }
        }
    }

    private void gateways(GatewayConfiguration one, GatewayConfiguration other) {
        if (!one.secureDomain().equals(other.secureDomain())) {
            return;
        }
        if (one.member() == other.member()) {
            problem(
                    other,
                    "member = "
                            + other.member()
                            + ": is also that of "
                            + one.file()
                            + "; legal is another number on each gateway of the domain");
        }
        ClusterCheck.problemsOf(one, other).forEach(text -> problem(other, text));
        shared(one, other);
        if (one.identity().equals(other.identity()) && !sharesAddresses(one, other)) {
            problem(
                    other,
                    "identity = \""
                            + other.identity()
                            + "\": is also that of "
                            + one.file()
                            + "; legal is another one on each gateway of the domain");
        }
        tgsKeys(one, other);
        for (Pool pool : one.pools()) {
            other.pools().forEach(theirs -> pools(one, pool, other, theirs));
        }
        for (Profile profile : one.profiles()) {
            if (profile.resumes()
                    && other.profiles().stream().noneMatch(p -> p.name().equals(profile.name()))) {
                problem(
                        other,
                        "profile."
                                + profile.name()
                                + ": missing, its sessions of "
                                + one.file()
                                + " cannot be resumed here; legal is the same profile on each"
                                + " gateway of the domain");
            }
        }
    }

    /// Behind a shared address there is one gateway to the clients, whoever serves.
    private void shared(GatewayConfiguration one, GatewayConfiguration other) {
        StandbySettings ours = one.standby();
        StandbySettings theirs = other.standby();
        if (ours == null || theirs == null || !sharesAddresses(one, other)) {
            return;
        }
        if (!ours.shared().equals(theirs.shared())) {
            problem(
                    other,
                    "standby.addresses: differ from those of "
                            + one.file()
                            + "; legal is the same list on each member of the cluster");
        }
        if (!one.identity().equals(other.identity())) {
            problem(
                    other,
                    "identity = \""
                            + other.identity()
                            + "\": "
                            + one.file()
                            + " serves at the same addresses as "
                            + one.identity()
                            + "; legal is one identity on all members that share addresses");
        }
        if (!ours.profiles().equals(theirs.profiles())) {
            problem(
                    other,
                    "standby.profiles: differ from those of "
                            + one.file()
                            + "; legal are the same on each member of the cluster");
        }
    }

    private static boolean sharesAddresses(GatewayConfiguration one, GatewayConfiguration other) {
        ClusterSettings ours = one.cluster();
        ClusterSettings theirs = other.cluster();
        return one.standby() != null
                && other.standby() != null
                && ours != null
                && theirs != null
                && ours.name().equals(theirs.name())
                && ours.self().site().equals(theirs.self().site());
    }

    private void pools(
            GatewayConfiguration one, Pool pool, GatewayConfiguration other, Pool theirs) {
        if (pool.name().equals(theirs.name()) && !pool.addresses().equals(theirs.addresses())) {
            problem(
                    other,
                    "pool."
                            + theirs.name()
                            + ".addresses = \""
                            + theirs.addresses()
                            + "\": differs from "
                            + one.file()
                            + "; legal is the same on each gateway of the domain: "
                            + pool.addresses());
        } else if (pool.assign().overlaps(theirs.assign())) {
            problem(
                    other,
                    "pool."
                            + theirs.name()
                            + ".assign = \""
                            + theirs.assign()
                            + "\": shares addresses with pool "
                            + pool.name()
                            + " of "
                            + one.file()
                            + " ("
                            + pool.assign()
                            + "), two clients could get the same; legal is a share of its own");
        }
    }

    private void tgsKeys(GatewayConfiguration one, GatewayConfiguration other) {
        TgsKeys ours = one.tgsKeys();
        TgsKeys theirs = other.tgsKeys();
        if (ours == null || theirs == null) {
            return;
        }
        if (lacksIssuing(ours, theirs, now) || lacksIssuing(theirs, ours, now)) {
            problem(
                    other,
                    "tgs-keys: "
                            + theirs.file()
                            + " and "
                            + ours.file()
                            + " of "
                            + one.file()
                            + " lack the key that the other issues tickets under; legal is a copy"
                            + " of the same file on each gateway of the domain");
        }
    }

    /// Whether these lack the key that those issue tickets under.
    static boolean lacksIssuing(TgsKeys ours, TgsKeys theirs, long now) {
        TgsKey issuing = ours.ring().issuingAt(now);
        @Nullable TgsKey found = theirs.ring().find(issuing.spi());
        return found == null || !found.secret().equals(issuing.secret());
    }

    private void client(GatewayConfiguration gateway, ClientConfiguration client) {
        boolean meant =
                client.gateways().stream()
                        .anyMatch(each -> each.identity().equals(gateway.identity()));
        if (!meant) {
            return;
        }
        if (!client.secureDomain().equals(gateway.secureDomain())) {
            problem(
                    client,
                    "secure-domain = \""
                            + client.secureDomain()
                            + "\": "
                            + gateway.file()
                            + " is of the domain "
                            + gateway.secureDomain());
        }
        if (client.eap() != null) {
            eapClient(gateway, client, client.eap());
            return;
        }
        if (client.certificates() != null && client.certificates().own() != null) {
            certifiedClient(gateway, client, client.certificates());
            return;
        }
        for (Profile profile : gateway.profiles()) {
            @Nullable SecretBytes key = profile.preSharedKeys().get(client.identity());
            if (key != null) {
                SecretBytes own = client.preSharedKey();
                if (own == null || !key.equals(own)) {
                    problem(client, "psk: is not that of this client in " + gateway.file());
                }
                return;
            }
        }
        problem(
                client,
                "identity = \"" + client.identity() + "\": is no peer in " + gateway.file());
    }

    private void certifiedClient(
            GatewayConfiguration gateway, ClientConfiguration client, CertificateSettings own) {
        for (Profile profile : gateway.profiles()) {
            CertificateSettings theirs = profile.certificates();
            if (theirs != null
                    && theirs.policy().admits(client.identity())
                    && theirs.trusts(own.own(), at)) {
                if (own.trust() != null && !own.trusts(theirs.own(), at)) {
                    problem(
                            client,
                            "certificates.trust: does not vouch for the certificate of "
                                    + gateway.file());
                }
                return;
            }
        }
        problem(
                client,
                "certificates: no profile of "
                        + gateway.file()
                        + " admits \""
                        + client.identity()
                        + "\" by this certificate");
    }

    private static boolean provenByCertificate(
            ClientConfiguration client, Profile profile, Instant at) {
        return client.certificates() != null
                && profile.certificates() != null
                && client.certificates().trusts(profile.certificates().own(), at);
    }

    private void eapClient(
            GatewayConfiguration gateway, ClientConfiguration client, ClientEap eap) {
        boolean meetsAny = false;
        for (Profile profile : gateway.profiles()) {
            @Nullable EapSettings theirs = profile.eap();
            if (theirs != null) {
                meetsAny = true;
                SecretBytes expected = eap.gatewayKey();
                SecretBytes shown = theirs.gatewayKey();
                boolean proven =
                        (expected != null && shown != null && shown.equals(expected))
                                || (shown == null && provenByCertificate(client, profile, at));
                if (proven || (eap.only() && theirs.only())) {
                    return;
                }
            }
        }
        problem(
                client,
                meetsAny
                        ? (client.certificates() == null ? "psk" : "certificates.trust")
                                + ": is not what proves the gateway before EAP in "
                                + gateway.file()
                        : "eap: no profile authenticates by EAP in " + gateway.file());
    }

    private void problem(GatewayConfiguration at, String message) {
        problems.add(new Problem(at.file(), 1, message));
    }

    private void problem(ClientConfiguration at, String message) {
        problems.add(new Problem(at.file(), 1, message));
    }
}
