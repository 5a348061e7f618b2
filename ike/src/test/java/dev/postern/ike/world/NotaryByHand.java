package dev.postern.ike.world;

import dev.postern.crypto.Hash;
import dev.postern.ike.Answer;
import dev.postern.ike.Ask;
import dev.postern.ike.HeldVouchers;
import dev.postern.ike.Succession;
import dev.postern.ike.voucher.SignedVoucher;
import dev.postern.ike.voucher.Voucher;
import dev.postern.wire.GatewayList;
import dev.postern.wire.Octets;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Whoever signs and reads vouchers, by a table: a token is a name that was made here, and anything
/// else is unreadable.
public final class NotaryByHand {
    private final Map<Octets, SignedVoucher> signed = new HashMap<>();

    /// The public key of a gateway, as N(VOUCHER_KEY) has it.
    public static Octets key(GatewaySettings gateway) {
        return Octets.of(("the key of " + gateway.name()).getBytes(StandardCharsets.US_ASCII));
    }

    public static Octets thumbprint(GatewaySettings gateway) {
        return Octets.of(Hash.SHA_256.digest(key(gateway).array()));
    }

    public static GatewayList.Address address(GatewaySettings gateway) {
        return new GatewayList.Address(Octets.of(gateway.address().getAddress().getAddress()), 0);
    }

    /// What `issuer` says of `successor`, as from the world's first day on.
    public static Voucher voucher(GatewaySettings issuer, GatewaySettings successor) {
        return new Voucher(
                issuer.identity(),
                issuer.domain,
                successor.identity(),
                List.of(address(successor)),
                thumbprint(successor),
                Octets.EMPTY,
                World.EPOCH,
                World.EPOCH,
                World.EPOCH + 86_400,
                issuer.name() + " for " + successor.name());
    }

    /// A token of this voucher, signed by this gateway.
    public Octets sign(GatewaySettings signer, Voucher voucher) {
        return sign(new SignedVoucher(thumbprint(signer), Octets.EMPTY, voucher));
    }

    public Octets sign(SignedVoucher voucher) {
        return sign(voucher, "");
    }

    /// @param padding makes the token longer
    public Octets sign(SignedVoucher voucher, String padding) {
        Octets token =
                Octets.of(("token " + signed.size() + padding).getBytes(StandardCharsets.US_ASCII));
        signed.put(token, voucher);
        return token;
    }

    public Answer.OfVouchers answer(Ask.VerifyVouchers ask) {
        List<SignedVoucher> read = new ArrayList<>();
        for (Octets token : ask.tokens()) {
            SignedVoucher voucher = signed.get(token);
            if (voucher == null) {
                return new Answer.VouchersUnreadable("a token that nobody has made");
            }
            read.add(voucher);
        }
        return new Answer.VouchersRead(read);
    }

    /// What a gateway holds that has signed about these others.
    public HeldVouchers held(GatewaySettings gateway, GatewaySettings... others) {
        Map<GatewayList.Entry, List<Octets>> tokens = new HashMap<>();
        for (GatewaySettings other : others) {
            tokens.put(address(other), List.of(sign(gateway, voucher(gateway, other))));
        }
        return new HeldVouchers(tokens, key(gateway));
    }

    /// How `successor` stands in for a lost gateway, by these tokens.
    public static Succession succession(GatewaySettings successor, Octets... tokens) {
        InetSocketAddress socket = successor.address();
        return new Succession(List.of(address(successor)), List.of(socket), List.of(tokens));
    }
}
