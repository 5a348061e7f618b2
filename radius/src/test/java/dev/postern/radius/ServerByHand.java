package dev.postern.radius;

import dev.postern.crypto.Entropy;
import dev.postern.crypto.SecretBytes;
import dev.postern.wire.MalformedException;
import dev.postern.wire.Octets;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// Servers that a test plays itself, and what it needs to talk about them.
final class ServerByHand {
    static final SecretBytes SECRET = secret("xyzzy5461");
    static final Moment START = new Moment(5_000_000_000L, 1_700_000_000L);

    private ServerByHand() {}

    static SecretBytes secret(String text) {
        return SecretBytes.owning(text.getBytes(StandardCharsets.UTF_8));
    }

    static InetSocketAddress at(String address, int port) {
        return new InetSocketAddress(address(address), port);
    }

    static InetAddress address(String text) {
        String[] parts = text.split("\\.", -1);
        byte[] octets = new byte[parts.length];
        for (int i = 0; i < parts.length; i++) {
            octets[i] = (byte) Integer.parseInt(parts[i]);
        }
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    /// `count` servers, each with a secret of its own.
    static List<Server> servers(int count) {
        List<Server> servers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            servers.add(
                    new Server("aaa" + i, at("192.0.2." + (10 + i), 1812), secret("secret " + i)));
        }
        return servers;
    }

    static Entropy entropy(long seed) {
        return new Random(seed)::nextBytes;
    }

    static Packet decode(byte[] octets) {
        try {
            return Packet.decode(octets);
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    static Attribute text(int type, String value) {
        return Attribute.text(type, value);
    }

    static byte[] answer(Code code, byte[] request, Server server, Attribute... attributes) {
        return Authenticators.response(
                code, decode(request), new Attributes(List.of(attributes)), server.secret());
    }

    /// An answer without Message-Authenticator, as servers before 2024 sent it.
    static byte[] plainAnswer(Code code, byte[] request, Server server) {
        Packet asked = decode(request);
        byte[] packet =
                new Packet(code, asked.identifier(), asked.authenticator(), Attributes.NONE)
                        .encode();
        byte[] digest = Md5.digest(packet, server.secret().expose());
        System.arraycopy(digest, 0, packet, Packet.AUTHENTICATOR_OFFSET, digest.length);
        return packet;
    }

    static List<ClientEffect.Transmit> transmits(List<ClientEffect> effects) {
        return only(effects, ClientEffect.Transmit.class);
    }

    static <T extends ClientEffect> List<T> only(List<ClientEffect> effects, Class<T> type) {
        return effects.stream().filter(type::isInstance).map(type::cast).toList();
    }

    static Octets hex(String... lines) {
        return Octets.ofHex(String.join("", Arrays.asList(lines)).replace(" ", ""));
    }
}
