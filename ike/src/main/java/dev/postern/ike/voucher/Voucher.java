package dev.postern.ike.voucher;

import dev.postern.wire.GatewayList;
import dev.postern.wire.Identity;
import dev.postern.wire.Octets;

import java.util.List;

/// What a gateway says of another one that may serve its clients.
///
/// @param issuer the gateway that says it
/// @param domain the secure domain of both
/// @param successor the gateway that it is about
/// @param addresses where that one can be reached
/// @param successorKey SHA-256 thumbprint (RFC 7638) of the key that the successor signs with
/// @param successorCertificate SHA-256 of the certificate for that key; empty where it has none
/// @param issuedAt seconds since 1970
/// @param notBefore seconds since 1970
/// @param expiresAt seconds since 1970
/// @param id never given twice by one issuer
public record Voucher(
        Identity issuer,
        String domain,
        Identity successor,
        List<GatewayList.Entry> addresses,
        Octets successorKey,
        Octets successorCertificate,
        long issuedAt,
        long notBefore,
        long expiresAt,
        String id) {
    public Voucher {
        addresses = List.copyOf(addresses);
    }
}
