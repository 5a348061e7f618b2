package dev.postern.lab.matrix;

/// What befalls the gateway that serves the client, or the network between.
enum Failure {
    CRASH("crash", "the gateway is killed (SIGKILL); the other one serves"),
    REBOOT("reboot", "the gateway is killed and started again; there is no other one"),
    PARTITION(
            "partition",
            "both cables of the gateway are pulled; it lives on alone (of a cluster of two it is"
                    + " the one with the higher name: the other one goes on)"),
    DRAIN("drain", "`postern ctl drain`"),
    SITE_LOSS(
            "site loss",
            "both gateways of the site are killed at once; one of another site serves"),
    ACCESS_OUTAGE(
            "access outage",
            "the client's network is gone until it has given up; the gateways live");

    private final String text;
    private final String meaning;

    Failure(String text, String meaning) {
        this.text = text;
        this.meaning = meaning;
    }

    String text() {
        return text;
    }

    String meaning() {
        return meaning;
    }
}
