package fr.relais.app;

import fr.relais.Relais;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;

/** The command {@code residue}. */
@Command(
        name = "residue",
        description = "Looks for what should be gone, in the tables and in the files of Relais. Exits with 0 (nothing"
                + " found), 1 (failed) or 2 (found).")
class ResidueCommand extends RelaisCommand {

    private static final int FOUND = 2;

    @Override
    int run(Relais relais) throws IOException {
        List<String> found = relais.residue().find();
        found.forEach(System.out::println);
        System.out.println(found.isEmpty() ? "Nothing was found that should be gone." : "Found: " + found.size());
        return found.isEmpty() ? 0 : FOUND;
    }
}
