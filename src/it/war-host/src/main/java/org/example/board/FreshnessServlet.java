package org.example.board;

import fr.relais.Relais;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** The page that shows the freshness of the mirror, such as {@code FRESH}. */
@WebServlet("/freshness")
public final class FreshnessServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Relais relais = (Relais) getServletContext().getAttribute("relais");
        response.setContentType("text/plain");
        response.getWriter().print(relais.freshness().read().state());
    }
}
