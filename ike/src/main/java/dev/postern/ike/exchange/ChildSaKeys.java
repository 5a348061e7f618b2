package dev.postern.ike.exchange;

import dev.postern.crypto.KeyDerivation;
import dev.postern.crypto.SecretBytes;
import dev.postern.ike.Effect;
import dev.postern.ike.negotiate.IkeSuite;
import dev.postern.ike.sa.ChildSa;
import dev.postern.ike.sa.ChildSaInstallation;
import dev.postern.ike.sa.KeyLogEntry;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;

/// Keys and installation of the Child SA that comes with an IKE SA: KEYMAT = prf+(SK_d, Ni | Nr),
/// cut into the key for packets from initiator to responder and the key for the other direction
/// (RFC 7296 section 2.17).
final class ChildSaKeys {
    private ChildSaKeys() {}

    static void install(
            Turn turn,
            IkeSa sa,
            ChildSa child,
            IkeSuite suite,
            byte[] ni,
            byte[] nr,
            List<InetAddress> assigned) {
        int length = child.suite().encryption().keyMaterialLength();
        byte[] material =
                KeyDerivation.childKeyMaterial(
                        suite.prf(), sa.keys().skD().expose(), new byte[0], ni, nr, 2 * length);
        SecretBytes fromInitiator = SecretBytes.owning(Arrays.copyOfRange(material, 0, length));
        SecretBytes fromResponder =
                SecretBytes.owning(Arrays.copyOfRange(material, length, 2 * length));
        Arrays.fill(material, (byte) 0);
        SecretBytes inbound = sa.isInitiator() ? fromResponder : fromInitiator;
        SecretBytes outbound = sa.isInitiator() ? fromInitiator : fromResponder;
        sa.addChild(turn, child);
        if (turn.configuration().logsKeys()) {
            InetAddress here = sa.path().local().getAddress();
            InetAddress there = sa.path().remote().getAddress();
            logKey(turn, there, here, child.inboundSpi(), child, inbound);
            logKey(turn, here, there, child.outboundSpi(), child, outbound);
        }
        turn.add(
                new Effect.InstallChildSa(
                        new ChildSaInstallation(
                                sa.handle(),
                                child.inboundSpi(),
                                child.outboundSpi(),
                                child.suite().encryption(),
                                child.suite().extendedSequenceNumbers(),
                                inbound,
                                outbound,
                                sa.isInitiator()
                                        ? child.initiatorSelectors()
                                        : child.responderSelectors(),
                                sa.isInitiator()
                                        ? child.responderSelectors()
                                        : child.initiatorSelectors(),
                                sa.path(),
                                turn.configuration().ivPrefix(),
                                assigned)));
    }

    private static void logKey(
            Turn turn,
            InetAddress source,
            InetAddress destination,
            int spi,
            ChildSa child,
            SecretBytes key) {
        turn.add(
                new Effect.LogKeys(
                        new KeyLogEntry.EspKeyEntry(
                                source, destination, spi, child.suite().encryption(), key.copy())));
    }
}
