package dev.postern.ike.exchange;

import dev.postern.crypto.IvPrefix;
import dev.postern.crypto.SecretBytes;
import dev.postern.ike.Effect;
import dev.postern.ike.sa.ChildSa;
import dev.postern.ike.sa.ChildSaInstallation;
import dev.postern.ike.sa.KeyLogEntry;

import java.net.InetAddress;
import java.util.List;

/// A Child SA with its keys, on its way to the data plane, which wipes them.
///
/// @param ivPrefix of the packets that we seal
/// @param lastOutbound the last sequence number that may have been used; 0 for a new Child SA
/// @param inboundFloor sequence numbers up to this one are refused; 0 for a new Child SA
record KeyedChildSa(
        ChildSa child,
        SecretBytes inbound,
        SecretBytes outbound,
        IvPrefix ivPrefix,
        long lastOutbound,
        long inboundFloor) {

    /// Logs the keys where that is configured, and asks for the installation.
    ///
    /// @param assigned the client's inner addresses; none where we are the client
    void install(Turn turn, IkeSa sa, List<InetAddress> assigned) {
        if (turn.configuration().logsKeys()) {
            InetAddress here = sa.path().local().getAddress();
            InetAddress there = sa.path().remote().getAddress();
            log(turn, there, here, child.inboundSpi(), inbound);
            log(turn, here, there, child.outboundSpi(), outbound);
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
                                sa.isClient()
                                        ? child.initiatorSelectors()
                                        : child.responderSelectors(),
                                sa.isClient()
                                        ? child.responderSelectors()
                                        : child.initiatorSelectors(),
                                sa.path(),
                                ivPrefix,
                                assigned,
                                child.transport(),
                                lastOutbound,
                                inboundFloor)));
    }

    private void log(
            Turn turn, InetAddress source, InetAddress destination, int spi, SecretBytes key) {
        turn.add(
                new Effect.LogKeys(
                        new KeyLogEntry.EspKeyEntry(
                                source, destination, spi, child.suite().encryption(), key.copy())));
    }
}
