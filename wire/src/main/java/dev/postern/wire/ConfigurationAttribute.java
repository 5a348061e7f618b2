package dev.postern.wire;

/// One attribute of a configuration payload, RFC 7296 section 3.15.1.
public record ConfigurationAttribute(int type, Octets value) {
    public static final int INTERNAL_IP4_ADDRESS = 1;
    public static final int INTERNAL_IP4_NETMASK = 2;
    public static final int INTERNAL_IP4_DNS = 3;
    public static final int APPLICATION_VERSION = 7;
    public static final int INTERNAL_IP6_ADDRESS = 8;
    public static final int INTERNAL_IP6_DNS = 10;
    public static final int INTERNAL_IP4_SUBNET = 13;
    public static final int INTERNAL_IP6_SUBNET = 15;
    public static final int INTERNAL_DNS_DOMAIN = 25;
    public static final int INTERNAL_DNSSEC_TA = 26;
}
