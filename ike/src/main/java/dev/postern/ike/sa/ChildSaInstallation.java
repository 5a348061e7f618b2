package dev.postern.ike.sa;

import dev.postern.crypto.EncryptionAlgorithm;
import dev.postern.crypto.IvPrefix;
import dev.postern.crypto.SecretBytes;
import dev.postern.ike.Path;
import dev.postern.wire.TrafficSelector;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.List;

/// Everything the data plane needs for a Child SA with UDP encapsulation. Whoever receives it owns
/// the keys.
///
/// @param inboundKey key | salt for packets that we open
/// @param outboundKey key | salt for packets that we seal
/// @param local what is on our side of the tunnel
/// @param remote what is on the peer's side
/// @param path outer addresses and ports
/// @param ivPrefix for the explicit IVs that we make
/// @param assignedAddresses inner addresses that the peer got from us: hosts behind us reach it
///   under them
/// @param transport the addresses as the peer has them, in transport mode; null in tunnel mode
/// @param lastOutbound the last sequence number that may have been used by whoever had it before; 0
///   for a new one
/// @param inboundFloor sequence numbers up to this one are refused, they may have been delivered; 0
///   for a new one
public record ChildSaInstallation(
        long handle,
        int inboundSpi,
        int outboundSpi,
        EncryptionAlgorithm encryption,
        boolean extendedSequenceNumbers,
        SecretBytes inboundKey,
        SecretBytes outboundKey,
        List<TrafficSelector> local,
        List<TrafficSelector> remote,
        Path path,
        IvPrefix ivPrefix,
        List<InetAddress> assignedAddresses,
        @Nullable PeersAddresses transport,
        long lastOutbound,
        long inboundFloor) {}
