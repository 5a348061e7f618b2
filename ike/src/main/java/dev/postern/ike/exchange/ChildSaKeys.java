package dev.postern.ike.exchange;

import dev.postern.crypto.KeyDerivation;
import dev.postern.crypto.SecretBytes;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.ike.sa.ChildSa;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;

/// Keys and installation of a Child SA: KEYMAT = prf+(SK_d, [g^ir (new)] | Ni | Nr | [SK(1)] |
/// ...), cut into the key for packets from the exchange's initiator to its responder and the key
/// for the other direction (RFC 7296 section 2.17).
final class ChildSaKeys {
    private ChildSaKeys() {}

    /// What of the exchange goes into the keys.
    ///
    /// @param initiator whether we began the exchange, whoever began the IKE SA
    /// @param shared where the Child SA has key exchanges of its own; the caller wipes it
    record Nonces(byte[] ni, byte[] nr, boolean initiator, @Nullable SharedSecrets shared) {
        Nonces(byte[] ni, byte[] nr, boolean initiator) {
            this(ni, nr, initiator, null);
        }

        Nonces with(SharedSecrets keyExchanges) {
            return new Nonces(ni, nr, initiator, keyExchanges);
        }

        private byte[] first() {
            return shared == null ? new byte[0] : shared.first().expose();
        }

        private byte[] additional() {
            return shared == null ? new byte[0] : shared.additional().expose();
        }
    }

    /// The Child SA that comes with an IKE SA.
    static void install(
            Turn turn,
            IkeSa sa,
            ChildSa child,
            IkeSuite suite,
            byte[] ni,
            byte[] nr,
            List<InetAddress> assigned) {
        Nonces nonces = new Nonces(ni, nr, sa.isInitiator());
        install(turn, sa, child, HeldChildSa.NONE, suite, nonces, assigned);
    }

    /// A Child SA of a CREATE_CHILD_SA exchange.
    ///
    /// @param replaces inbound SPI of the one that it rekeys, or [HeldChildSa#NONE]
    static void install(Turn turn, IkeSa sa, ChildSa child, int replaces, Nonces nonces) {
        install(
                turn,
                sa,
                child,
                replaces,
                sa.relation().established().suite(),
                nonces,
                sa.isClient() ? List.of() : sa.innerAddresses());
    }

    private static void install(
            Turn turn,
            IkeSa sa,
            ChildSa child,
            int replaces,
            IkeSuite suite,
            Nonces nonces,
            List<InetAddress> assigned) {
        int length = child.suite().encryption().keyMaterialLength();
        byte[] material =
                KeyDerivation.childKeyMaterial(
                        suite.prf(),
                        sa.keys().skD().expose(),
                        nonces.first(),
                        nonces.ni(),
                        nonces.nr(),
                        nonces.additional(),
                        2 * length);
        SecretBytes fromInitiator = SecretBytes.owning(Arrays.copyOfRange(material, 0, length));
        SecretBytes fromResponder =
                SecretBytes.owning(Arrays.copyOfRange(material, length, 2 * length));
        Arrays.fill(material, (byte) 0);
        SecretBytes inbound = nonces.initiator() ? fromResponder : fromInitiator;
        SecretBytes outbound = nonces.initiator() ? fromInitiator : fromResponder;
        sa.children().add(turn, sa, child, replaces);
        StandbyReplication.keepKeys(turn, sa, child.inboundSpi(), inbound, outbound);
        new KeyedChildSa(child, inbound, outbound, turn.configuration().ivPrefix(), 0, 0)
                .install(turn, sa, assigned);
    }
}
