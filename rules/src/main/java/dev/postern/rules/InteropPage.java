package dev.postern.rules;

import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;

/// The page docs/interop.md, made from a test run: which feature was tried with which peer, who
/// began, and which test did it.
///
/// A test says what it shows in its doc comment, one line per claim:
///
///     /// Interop: certificates, ECDSA P-256 | strongSwan | peer initiates
///
/// The claim stands on the page only if the reports of the last run hold that test as passed. The
/// launcher runs [#main] after the tests, with the source launcher.
public final class InteropPage {
    /// The command that writes the page anew after a test run.
    public static final String REPAIR = "./postern interop";

    private static final String PAGE = "docs/interop.md";

    private static final String MARK = "Interop: ";
    private static final Pattern COMMENT = Pattern.compile("^\\s*///(.*)$");
    private static final Pattern METHOD = Pattern.compile("^\\s+(?:\\w+ )?void (\\w+)\\(.*");

    /// Who may begin; `neither` is for a peer that only listens.
    private static final List<String> DIRECTIONS =
            List.of("peer initiates", "Postern initiates", "both initiate", "neither");

    /// What stands in where no stock peer on this machine has a feature.
    private static final List<String> STAND_INS = List.of("Postern", "vectors");

    private InteropPage() {}

    /// One line of the page.
    ///
    /// @param testClass full name
    record Claim(String feature, String peer, String direction, String testClass, String method) {
        boolean isStandIn() {
            return STAND_INS.contains(peer);
        }
    }

    /// `InteropPage [--check]`: writes the page under the working directory, or only says how it
    /// differs and ends with 1. A claim whose test did not pass ends with 1 in either case.
    public static void main(String[] arguments) throws IOException {
        Path root = Path.of("").toAbsolutePath();
        List<Claim> claims = claims(root);
        List<String> unproven =
                claims.stream()
                        .filter(claim -> !hasPassed(root, claim))
                        .map(claim ->
                                claim.testClass()
                                        + "."
                                        + claim.method()
                                        + " did not pass, and "
                                        + PAGE
                                        + " claims: "
                                        + claim.feature())
                        .toList();
        unproven.forEach(System.err::println);
        if (!unproven.isEmpty()) {
            System.exit(1);
        }
        Path page = root.resolve(PAGE);
        String wanted = render(claims);
        String present = Files.exists(page) ? Files.readString(page) : "";
        if (wanted.equals(present)) {
            return;
        }
        if (List.of(arguments).contains("--check")) {
            System.err.println(
                    PAGE + " is not what the tests have shown; write it anew: " + REPAIR);
            System.exit(1);
        }
        Files.writeString(page, wanted);
    }

    /// Every claim in the test sources of every module, in the order of the page.
    static List<Claim> claims(Path root) throws IOException {
        List<Claim> claims = new ArrayList<>();
        try (Stream<Path> modules = Files.list(root)) {
            for (Path module : modules.sorted().toList()) {
                Path tests = module.resolve("src/test/java");
                if (Files.isDirectory(tests)) {
                    addClaims(tests, claims);
                }
            }
        }
        claims.sort(
                Comparator.comparing(Claim::isStandIn)
                        .thenComparing(Claim::feature, String.CASE_INSENSITIVE_ORDER)
                        .thenComparing(Claim::peer)
                        .thenComparing(Claim::direction)
                        .thenComparing(Claim::testClass)
                        .thenComparing(Claim::method));
        return claims;
    }

    private static void addClaims(Path tests, List<Claim> claims) throws IOException {
        try (Stream<Path> files = Files.walk(tests)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                String name = tests.relativize(file).toString().replace('/', '.');
                String testClass = name.substring(0, name.length() - ".java".length());
                claims.addAll(claims(testClass, Files.readAllLines(file)));
            }
        }
    }

    /// The claims of one source file: each belongs to the next method. Several may stand in one
    /// paragraph, as the formatter lays them out.
    static List<Claim> claims(String testClass, List<String> lines) {
        List<Claim> claims = new ArrayList<>();
        List<String> waiting = new ArrayList<>();
        StringBuilder paragraph = new StringBuilder();
        for (String line : lines) {
            Matcher comment = COMMENT.matcher(line);
            if (comment.matches() && !comment.group(1).isBlank()) {
                paragraph.append(comment.group(1).strip()).append(' ');
                continue;
            }
            addClaims(paragraph.toString(), waiting);
            paragraph.setLength(0);
            Matcher method = METHOD.matcher(line);
            if (method.matches()) {
                for (String text : waiting) {
                    claims.add(claim(testClass, method.group(1), text));
                }
                waiting.clear();
            }
        }
        addClaims(paragraph.toString(), waiting);
        if (!waiting.isEmpty()) {
            throw new IllegalArgumentException(
                    testClass + ": no test method follows the claim \"" + waiting.getFirst() + '"');
        }
        return claims;
    }

    private static void addClaims(String paragraph, List<String> waiting) {
        String[] parts = paragraph.split("\\b" + MARK, -1);
        for (int i = 1; i < parts.length; i++) {
            waiting.add(upToDirection(parts[i].strip()));
        }
    }

    /// What else a paragraph says after a claim is not part of it.
    private static String upToDirection(String text) {
        return DIRECTIONS.stream()
                .map(direction -> "| " + direction)
                .filter(text::contains)
                .map(end -> text.substring(0, text.indexOf(end) + end.length()))
                .min(Comparator.comparingInt(String::length))
                .orElse(text);
    }

    private static Claim claim(String testClass, String method, String text) {
        List<String> parts = Stream.of(text.split("\\|", -1)).map(String::strip).toList();
        if (parts.size() != 3 || !DIRECTIONS.contains(parts.get(2))) {
            throw new IllegalArgumentException(
                    testClass
                            + "."
                            + method
                            + ": the claim \""
                            + text
                            + "\" is not \"feature | peer | direction\" with a direction of "
                            + DIRECTIONS);
        }
        return new Claim(parts.get(0), parts.get(1), parts.get(2), testClass, method);
    }

    /// Whether the last run's reports hold this test as passed, every repetition of it.
    static boolean hasPassed(Path root, Claim claim) {
        try (Stream<Path> modules = Files.list(root)) {
            Optional<Path> report =
                    modules.map(module ->
                                    module.resolve(
                                            "target/surefire-reports/TEST-"
                                                    + claim.testClass()
                                                    + ".xml"))
                            .filter(Files::exists)
                            .findFirst();
            return report.isPresent() && hasPassed(report.get(), claim.method());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean hasPassed(Path report, String method) {
        try {
            NodeList cases =
                    DocumentBuilderFactory.newDefaultInstance()
                            .newDocumentBuilder()
                            .parse(report.toFile())
                            .getElementsByTagName("testcase");
            boolean seen = false;
            for (int i = 0; i < cases.getLength(); i++) {
                Element test = (Element) cases.item(i);
                // A repeated or parameterized test adds to its name.
                String name = test.getAttribute("name");
                if (name.matches(Pattern.quote(method) + "\\b.*")) {
                    seen = true;
                    for (String bad : List.of("failure", "error", "skipped")) {
                        if (test.getElementsByTagName(bad).getLength() > 0) {
                            return false;
                        }
                    }
                }
            }
            return seen;
        } catch (ParserConfigurationException | SAXException e) {
            throw new IllegalStateException(report + " is no test report", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String render(List<Claim> claims) {
        StringBuilder page = new StringBuilder();
        page.append(
                """
                # Interoperation

                What the last test run has shown, made from its reports by `./postern interop`; `./postern test` fails where this page and
                the run differ. The peers are Debian 12's packages, run as real processes in network namespaces.

                ## With other implementations

                """);
        table(page, claims.stream().filter(claim -> !claim.isStandIn()).toList());
        page.append(
                """

                ## Where no stock peer has the feature

                Debian's strongSwan (5.9.8) has neither ML-KEM nor session resumption, no puzzles (RFC 8019), no QCD tokens (RFC 6290)
                and no OCSP in IKE_AUTH (RFC 4806), and without kernel ESP (libipsec) neither transport mode nor extended sequence
                numbers. There, Postern runs against Postern, and public test vectors hold the octets. So it does where one end acts by
                itself and the other does not see it: limits, lifetimes, leases, the choice among several sessions. Of the three sizes
                of ML-KEM 768 is held against 173 public vectors (Wycheproof), 512 and 1024, the same code with other parameters,
                against one each. strongSwan 5.9.8's own EAP-TLS is not tried: its TLS 1.2 has no
                extended master secret, and its TLS 1.3 client ends at the protected success indication (RFC 9190).

                """);
        table(page, claims.stream().filter(Claim::isStandIn).toList());
        return page.toString();
    }

    private static void table(StringBuilder page, List<Claim> claims) {
        page.append("| feature | peer | who begins | test |\n|---|---|---|---|\n");
        for (Claim claim : claims) {
            String test =
                    claim.testClass().substring(claim.testClass().lastIndexOf('.') + 1)
                            + "."
                            + claim.method();
            page.append("| ")
                    .append(claim.feature())
                    .append(" | ")
                    .append(claim.peer())
                    .append(" | ")
                    .append(claim.direction())
                    .append(" | `")
                    .append(test)
                    .append("` |\n");
        }
    }
}
