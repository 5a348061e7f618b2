package dev.postern.esp;

/// The flag bits of octet 13 of a TCP header (RFC 9293 section 3.1).
final class TcpFlags {
    static final int FIN = 0x01;
    static final int PSH = 0x08;
    static final int ACK = 0x10;
    static final int ECE = 0x40;
    static final int CWR = 0x80;

    private TcpFlags() {}
}
