package dev.postern.lab;

import java.util.List;
import java.util.Map;

/// A packet as tshark reads it.
///
/// @param number its place in the capture, from 1
/// @param protocols what it is, from the outside in: `eth:ethertype:ip:udp:udpencap:isakmp`
/// @param fields the values of the fields that were asked for, by their name; no entry where a
///   packet does not have the field
/// @param complaints what tshark's dissectors found wrong: malformed, truncated, undecryptable
public record DissectedPacket(
        int number, String protocols, Map<String, List<String>> fields, List<String> complaints) {
    public DissectedPacket {
        fields = Map.copyOf(fields);
        complaints = List.copyOf(complaints);
    }

    /// All values of a field; empty when the packet does not have it.
    public List<String> all(String field) {
        return fields.getOrDefault(field, List.of());
    }

    /// The first value of a field; the empty string when the packet does not have it.
    public String first(String field) {
        return all(field).isEmpty() ? "" : all(field).getFirst();
    }

    /// Whether the protocol is in it, decrypted layers included.
    public boolean has(String protocol) {
        return List.of(protocols.split(":", -1)).contains(protocol);
    }
}
