package dev.postern.lab.matrix;

/// How the client's session is to survive, and who the client is.
enum Arrangement {
    BY_VALUE("by value", "the client has the session, in a ticket; the gateways share a key alone"),
    BY_REFERENCE(
            "by reference", "the gateways have it, a cluster's store; the client has a reference"),
    TIGHT(
            "tight hot",
            "a standby has the IKE SA and its Child SAs, and takes over the address that the two"
                    + " share; its drain is that the gateway is stopped (SIGTERM)"),
    LOOSE(
            "loose hot",
            "a standby has them too, at an address of its own, and calls the client, which resumes"
                    + " there, unless it has found out first"),
    BRANCH(
            "branch gateway",
            "by value, and the client is the gateway of a branch office: a subnet behind it, two"
                + " uplinks, no address from the gateways; its access outage is that of its first"
                + " uplink"),
    COLD("cold", "nobody has it: a full exchange with the next gateway, to compare with");

    private final String text;
    private final String meaning;

    Arrangement(String text, String meaning) {
        this.text = text;
        this.meaning = meaning;
    }

    /// Whether the gateways know each other.
    boolean isClustered() {
        return switch (this) {
            case BY_REFERENCE, TIGHT, LOOSE -> true;
            case BY_VALUE, BRANCH, COLD -> false;
        };
    }

    String text() {
        return text;
    }

    String meaning() {
        return meaning;
    }
}
