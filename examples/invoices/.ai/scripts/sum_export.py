"""Adds up one export. A row whose amount cannot be read is named, never guessed."""
import csv
from decimal import Decimal, InvalidOperation
from pathlib import Path


def execute(context, params):
    total, invoices, review, unreadable = Decimal(0), 0, [], []
    with open(params["file"], newline="", encoding="utf-8") as source:
        for row in csv.DictReader(source):
            try:
                amount = Decimal(row["amount"])
            except InvalidOperation:
                unreadable.append(row["invoice"])
                context.log("warn", f"{params['file']}: {row['invoice']} has no readable amount")
                continue
            total, invoices = total + amount, invoices + 1
            if amount > Decimal(str(params["review_over"])):
                review.append({"invoice": row["invoice"], "customer": row["customer"], "amount": float(amount)})
    return {
        "status": "incomplete" if unreadable else "complete",
        "branch": Path(params["file"]).stem,
        "total": float(total),
        "invoices": invoices,
        "review": review,
        "unreadable": unreadable,
    }
