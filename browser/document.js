// Documents to submit: a small PDF that opens, and files with each of the faults that are told apart (SUB-1).

export function pdf(text = "Pièce", pages = 1) {
  const objects = ["<< /Type /Catalog /Pages 2 0 R >>"];
  const kids = Array.from({ length: pages }, (_, index) => `${3 + 2 * index} 0 R`);
  objects.push(`<< /Type /Pages /Kids [${kids.join(" ")}] /Count ${pages} >>`);
  for (let index = 0; index < pages; index += 1) {
    const content = `BT /F1 24 Tf 72 720 Td (${text} ${index + 1}) Tj ET`;
    objects.push(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents ${4 + 2 * index} 0 R ` +
        "/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
      `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    );
  }
  let body = "%PDF-1.4\n";
  const offsets = objects.map((object, index) => {
    const offset = body.length;
    body += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const table = offsets.map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`).join("");
  const start = body.length;
  body += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}`;
  body += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(body, "latin1");
}

// The same without what is drawn: nothing is on its page.
export function blank() {
  const drawn = pdf().toString("latin1");
  return Buffer.from(drawn.replace(/BT .* ET/, (text) => " ".repeat(text.length)), "latin1");
}

export const file = (name, buffer, mimeType = "application/pdf") => ({ name, mimeType, buffer });
