package fr.relais.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A page of the documentation, with the blocks of code in each of its sections. */
public final class Guide {

    private static final Pattern FENCE = Pattern.compile("( *)```(\\w*)");
    private static final Pattern FILE = Pattern.compile("`([^`]+)`:");

    private final List<Block> blocks = new ArrayList<>();

    /**
     * A block of code.
     *
     * @param section the heading that it stands under
     * @param language after the fence; may be empty
     * @param file named in the line before it; empty when there is none
     * @param code without the indent of its fence
     */
    public record Block(String section, String language, String file, String code) {}

    private Guide() {}

    public static Guide read(Path page) throws IOException {
        Guide guide = new Guide();
        String section = "";
        String file = "";
        List<String> lines = Files.readAllLines(page);
        for (int i = 0; i < lines.size(); i++) {
            Matcher fence = FENCE.matcher(lines.get(i));
            Matcher named = FILE.matcher(lines.get(i));
            if (fence.matches()) {
                StringBuilder code = new StringBuilder();
                for (i++; !lines.get(i).strip().equals("```"); i++) {
                    String line = lines.get(i);
                    code.append(line.substring(Math.min(fence.group(1).length(), line.length())))
                            .append('\n');
                }
                guide.blocks.add(new Block(section, fence.group(2), file, code.toString()));
                file = "";
            } else if (lines.get(i).startsWith("#")) {
                section = lines.get(i).replaceFirst("#+ ", "");
            } else if (named.matches()) {
                file = named.group(1);
            }
        }
        return guide;
    }

    public Stream<Block> blocks() {
        return blocks.stream();
    }

    /** The blocks under a heading, in this language. */
    public List<Block> blocks(String section, String language) {
        return blocks.stream()
                .filter(block ->
                        block.section().equals(section) && block.language().equals(language))
                .toList();
    }
}
