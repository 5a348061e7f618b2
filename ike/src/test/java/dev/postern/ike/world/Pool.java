package dev.postern.ike.world;

import dev.postern.ike.Answer;
import dev.postern.ike.Ask;
import dev.postern.wire.ConfigurationAttribute;
import dev.postern.wire.Octets;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Inner addresses 10.`network`.0.2 and on, one per session, the wanted one where it is free.
public final class Pool {
    /// What clients are told beside their address.
    public List<ConfigurationAttribute> further = List.of();

    private final int network;
    private final Map<Octets, InetAddress> leases = new HashMap<>();
    private int lastHost = 1;
    private boolean refusing;
    private boolean silent;

    public Pool(int network) {
        this.network = network;
    }

    public void refuse() {
        refusing = true;
    }

    /// Answers nothing from now on.
    public void fallSilent() {
        silent = true;
    }

    public boolean isSilent() {
        return silent;
    }

    Answer answer(Ask.LeaseAddresses ask) {
        if (refusing) {
            return new Answer.AddressesRefused();
        }
        InetAddress kept = leases.get(ask.sessionId());
        for (InetAddress wanted : ask.wanted()) {
            boolean handedOver = wanted.equals(leases.get(ask.predecessor()));
            if (handedOver) {
                leases.remove(ask.predecessor());
            }
            if (kept == null && isOurs(wanted) && !leases.containsValue(wanted)) {
                kept = wanted;
            }
        }
        InetAddress given = kept == null ? next() : kept;
        leases.put(ask.sessionId(), given);
        return new Answer.AddressesLeased(List.of(given), further);
    }

    private boolean isOurs(InetAddress address) {
        return address.getAddress()[1] == (byte) network;
    }

    private InetAddress next() {
        InetAddress candidate;
        do {
            lastHost++;
            candidate = Net.ip(10, network, lastHost >>> 8, lastHost & 0xff);
        } while (leases.containsValue(candidate));
        return candidate;
    }
}
