package dev.postern.net;

/// An address on an interface.
///
/// @param address with the length of its subnet
/// @param isOurs whether it carries the mark of this program, [Route#PROTOCOL]; kernels before 5.18
///   keep no marks on addresses
public record AssignedAddress(Prefix address, String device, boolean isOurs) {}
