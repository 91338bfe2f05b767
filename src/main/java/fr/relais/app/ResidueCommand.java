package fr.relais.app;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The command {@code residue}. */
@Command(
        name = "residue",
        description = "Looks for what should be gone, in the tables and in the files of Relais. Exits with 0 (nothing"
                + " found), 1 (failed) or 2 (found).")
class ResidueCommand implements Callable<Integer> {

    private static final int FOUND = 2;

    @Mixin
    private SpringArguments arguments;

    @Override
    public Integer call() throws IOException {
        try (ConfigurableApplicationContext context =
                RelaisApplication.forCommand().run(arguments.get())) {
            List<String> found = RelaisApplication.relais(context).residue().find();
            found.forEach(System.out::println);
            System.out.println(found.isEmpty() ? "Nothing was found that should be gone." : "Found: " + found.size());
            return found.isEmpty() ? 0 : FOUND;
        }
    }
}
