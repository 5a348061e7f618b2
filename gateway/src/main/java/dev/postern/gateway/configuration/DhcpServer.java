package dev.postern.gateway.configuration;

import java.net.InetAddress;

/// A DHCP server that gives out a pool's addresses.
///
/// @param relay our own address on the network of these addresses: the server answers to it and
///   chooses the subnet by it
public record DhcpServer(InetAddress address, InetAddress relay) {}
