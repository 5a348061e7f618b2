package dev.postern.sim.scale;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A line chart over seconds, as SVG text.
final class Chart {
    private static final int WIDTH = 720;
    private static final int HEIGHT = 320;
    private static final int LEFT = 70;
    private static final int TOP = 34;
    private static final int RIGHT = 20;
    private static final int BOTTOM = 44;
    private static final List<String> COLOURS =
            List.of("#1f77b4", "#d62728", "#2ca02c", "#9467bd", "#ff7f0e", "#8c564b");

    private record Line(String name, double[] values, String style) {}

    private final String title;
    private final String unit;
    private final List<Line> lines = new ArrayList<>();

    Chart(String title, String unit) {
        this.title = title;
        this.unit = unit;
    }

    Chart line(String name, double[] values) {
        lines.add(new Line(name, values.clone(), ""));
        return this;
    }

    /// One that is told from the others by its dashes as well.
    Chart dashed(String name, double[] values) {
        lines.add(new Line(name, values.clone(), " stroke-dasharray=\"6 3\""));
        return this;
    }

    String svg() {
        double most = 0;
        int seconds = 1;
        for (Line line : lines) {
            seconds = Math.max(seconds, line.values().length - 1);
            for (double value : line.values()) {
                most = Math.max(most, value);
            }
        }
        double top = roundUp(most);
        StringBuilder svg = new StringBuilder();
        append(
                svg,
                String.format(
                        Locale.ROOT,
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\""
                                + " font-family=\"sans-serif\" font-size=\"12\">",
                        WIDTH,
                        HEIGHT));
        append(
                svg,
                String.format(
                        Locale.ROOT,
                        "<rect width=\"%d\" height=\"%d\" fill=\"white\"/>",
                        WIDTH,
                        HEIGHT));
        append(
                svg,
                String.format(
                        Locale.ROOT,
                        "<text x=\"%d\" y=\"18\" font-size=\"14\">%s</text>",
                        LEFT,
                        title));
        grid(svg, top, seconds);
        for (int i = 0; i < lines.size(); i++) {
            draw(svg, lines.get(i), i, top, seconds);
        }
        return svg.append("</svg>\n").toString();
    }

    private void grid(StringBuilder svg, double top, int seconds) {
        for (int i = 0; i <= 4; i++) {
            double y = y(top * i / 4, top);
            append(
                    svg,
                    String.format(
                            Locale.ROOT,
                            "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>",
                            LEFT,
                            WIDTH - RIGHT,
                            y,
                            y));
            append(
                    svg,
                    String.format(
                            Locale.ROOT,
                            "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s%s</text>",
                            LEFT - 6,
                            y + 4,
                            number(top * i / 4),
                            unit));
        }
        for (int i = 0; i <= 6; i++) {
            double second = seconds * i / 6.0;
            append(
                    svg,
                    String.format(
                            Locale.ROOT,
                            "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%.0f s</text>",
                            x(second, seconds),
                            HEIGHT - BOTTOM + 18,
                            second));
        }
    }

    private static void draw(StringBuilder svg, Line line, int index, double top, int seconds) {
        StringBuilder points = new StringBuilder();
        for (int second = 0; second < line.values().length; second++) {
            append(
                    points,
                    String.format(
                            Locale.ROOT,
                            "%.1f,%.1f ",
                            x(second, seconds),
                            y(line.values()[second], top)));
        }
        String colour = COLOURS.get(index % COLOURS.size());
        append(
                svg,
                String.format(
                        Locale.ROOT,
                        "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2\"%s"
                                + " points=\"%s\"/>",
                        colour,
                        line.style(),
                        points.toString().strip()));
        append(
                svg,
                String.format(
                        Locale.ROOT,
                        "<text x=\"%d\" y=\"%d\" fill=\"%s\">%s</text>",
                        LEFT + 8 + index % 3 * 215,
                        HEIGHT - 22 + index / 3 * 15,
                        colour,
                        line.name()));
    }

    private static double x(double second, int seconds) {
        return LEFT + (WIDTH - LEFT - RIGHT) * second / seconds;
    }

    private static double y(double value, double top) {
        return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * value / top;
    }

    private static String number(double value) {
        return value >= 10 || value == Math.rint(value)
                ? String.format(Locale.ROOT, "%,.0f", value)
                : String.format(Locale.ROOT, "%.2f", value);
    }

    /// 1, 2, 4 or 8 times a power of ten, so that quarters of it are round.
    private static double roundUp(double value) {
        double power = Math.pow(10, Math.floor(Math.log10(Math.max(value, 1e-9))));
        for (double factor : new double[] {1, 2, 4, 8}) {
            if (value <= factor * power) {
                return factor * power;
            }
        }
        return 10 * power;
    }

    private static void append(StringBuilder text, String piece) {
        text.append(piece);
        if (piece.startsWith("<")) {
            text.append('\n');
        }
    }
}
